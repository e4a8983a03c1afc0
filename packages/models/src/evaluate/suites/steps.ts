import { bernoulli } from "@ganglion/nca";
import { heldOut } from "../../problems/heldOut.ts";
import type { Context } from "../context.ts";
import { keyOf, rowOf, seedOf } from "../context.ts";
import { measure } from "../measure.ts";
import type { Row } from "../row.ts";

const published = new Map([
  [8, 0.847],
  [12, 0.987],
  [16, 0.999],
  [20, 0.9995],
  [24, 0.9997],
  [28, 0.9994],
]);

/** The held-out set read after more and more steps of one run. */
export function* steps(context: Context): Generator<Row> {
  const { model, n, operation } = context;
  const at = [...published.keys(), 40];
  const problems = heldOut(seedOf(context, 1), n, { operation });
  const measured = measure(model, problems, { steps: 40, at, schedule: bernoulli(0.5), key: keyOf(context, 0) });
  for (const step of at) {
    const known = published.get(step);
    const label = { name: `${step} steps`, ...(known === undefined ? {} : { published: known }) };
    yield rowOf(context, label, measured.at.get(step)!);
  }
}
