import { bernoulli, synchronous } from "@ganglion/nca";
import { heldOut } from "../../problems/heldOut.ts";
import type { Context } from "../context.ts";
import { keyOf, rowOf, seedOf } from "../context.ts";
import { measure } from "../measure.ts";
import type { Row } from "../row.ts";

/** Whether answers last: the same cells go on firing long after they are done. */
export function* long(context: Context): Generator<Row> {
  const { model, n, operation } = context;
  const problems = heldOut(seedOf(context, 4), Math.ceil(n / 5), { operation });
  const at = [100, 200, 400, 1000];
  const measured = measure(model, problems, { steps: 1000, at, schedule: bernoulli(0.5), key: keyOf(context, 0) });
  for (const step of at) yield rowOf(context, { name: `${step} steps` }, measured.at.get(step)!);
  const together = measure(model, problems, { steps: 200, schedule: synchronous(), key: keyOf(context, 1) });
  yield rowOf(context, { name: "200 steps, synchronous" }, together.last);
}
