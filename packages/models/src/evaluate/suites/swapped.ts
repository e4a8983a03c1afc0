import { bernoulli } from "@ganglion/nca";
import { heldOut } from "../../problems/heldOut.ts";
import { run } from "../../solve/run.ts";
import { stepsToSettle } from "../../solve/steps.ts";
import type { Context } from "../context.ts";
import { keyOf, measureRow, seedOf } from "../context.ts";
import type { Row } from "../row.ts";

/** Whether the cells notice that the problem was changed under them: they start from the states of other, solved problems. */
export function* swapped(context: Context): Generator<Row> {
  const { model, n, operation } = context;
  const count = Math.ceil(n / 5);
  const before = heldOut(seedOf(context, 6), count, { operation });
  const after = heldOut(seedOf(context, 7), count, { operation });
  const schedule = bernoulli(0.5);
  const start = run(model, before, { steps: 24, schedule, key: keyOf(context, 0) });
  const steps = stepsToSettle(after.a.shape[1]!, 0.5);
  const label = { name: `operands exchanged for others while running, ${steps} steps` };
  yield measureRow(context, label, after, { steps, schedule, key: keyOf(context, 1), start });
}
