import { bernoulli } from "@ganglion/nca";
import { normal } from "@ganglion/tensor";
import { heldOut } from "../../problems/heldOut.ts";
import { stepsToSettle } from "../../solve/steps.ts";
import type { Context } from "../context.ts";
import { keyOf, measureRow, seedOf } from "../context.ts";
import type { Row } from "../row.ts";

/** Whether the cells find the answer from states of pure noise. */
export function* garbage(context: Context): Generator<Row> {
  const { model, n, operation } = context;
  const problems = heldOut(seedOf(context, 5), Math.ceil(n / 5), { operation });
  const [rows, cells] = problems.a.shape as [number, number];
  const steps = stepsToSettle(cells, 0.5);
  for (const [index, deviation] of [0.3, 1, 3].entries()) {
    const start = normal(keyOf(context, 100 + index), [rows, cells, model.adder.config.channels], { deviation });
    const label = { name: `noise of deviation ${deviation} at the start, ${steps} steps` };
    yield measureRow(context, label, problems, { steps, schedule: bernoulli(0.5), key: keyOf(context, index), start });
  }
}
