import { bernoulli, order, synchronous } from "@ganglion/nca";
import { permutation } from "@ganglion/tensor";
import { carryHeavy, heldOut } from "../../problems/heldOut.ts";
import { arithmeticOf } from "../../solve/run.ts";
import { plan } from "../../solve/schedules.ts";
import type { Context } from "../context.ts";
import { keyOf, measureRow, seedOf, STEPS } from "../context.ts";
import type { Row } from "../row.ts";

/** The held-out set under every other order of firing. */
export function* schedules(context: Context): Generator<Row> {
  const { n, operation } = context;
  const problems = heldOut(seedOf(context, 1), n, { operation });
  const hard = carryHeavy(seedOf(context, 2), n, { operation });
  const half = heldOut(seedOf(context, 3), Math.ceil(n / 2), { operation });
  const cells = problems.a.shape[1]!;
  const key = keyOf(context, 0);
  const all = synchronous();
  yield measureRow(context, { name: "synchronous, 8 steps" }, problems, { steps: 8, schedule: all, key });
  yield measureRow(context, { name: "synchronous, 8 steps, rich in carries" }, hard, { steps: 8, schedule: all, key });
  yield measureRow(context, { name: "synchronous, 24 steps" }, half, { steps: STEPS, schedule: all, key });
  if (arithmeticOf(context.model) === "int8") {
    const { schedule, news } = plan("event-driven", cells);
    const waiting = { steps: cells, schedule, news, key };
    yield measureRow(context, { name: `event-driven, ${cells} steps` }, problems, waiting);
    yield measureRow(context, { name: `event-driven, ${cells} steps, rich in carries` }, hard, waiting);
  }
  for (const [name, steps] of [
    ["lowest-first", cells],
    ["highest-first", cells * cells],
    ["even-odd", 2 * cells],
    ["single", 3 * cells * cells],
  ] as const) {
    const { schedule } = plan(name, cells);
    yield measureRow(context, { name: `${name}, ${steps} steps` }, half, { steps, schedule, key });
  }
  const any = order(Array.from(permutation(keyOf(context, 1), cells).data));
  const rounds = cells * cells;
  yield measureRow(context, { name: `${any.name}, ${rounds} steps` }, half, { steps: rounds, schedule: any, key });
  for (const rate of [0.1, 0.25, 0.75, 0.9]) {
    const steps = Math.trunc(12 / rate) + 4;
    yield measureRow(context, { name: `firing rate ${rate}, ${steps} steps` }, half, {
      steps,
      schedule: bernoulli(rate),
      key,
    });
  }
}
