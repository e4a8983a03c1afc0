import { bernoulli } from "@ganglion/nca";
import { heldOut } from "../../problems/heldOut.ts";
import type { Context } from "../context.ts";
import { keyOf, rowOf, seedOf, STEPS } from "../context.ts";
import { measure } from "../measure.ts";
import type { Row } from "../row.ts";

/** One order of firing over the whole held-out set, and how the work is spread over the experts. */
export function* heldout(context: Context): Generator<Row> {
  const { model, n, operation } = context;
  const problems = heldOut(seedOf(context, 1), n, { operation });
  const { last, asked } = measure(model, problems, {
    steps: STEPS,
    schedule: bernoulli(0.5),
    key: keyOf(context, 0),
  });
  yield rowOf(context, { name: `one order, ${STEPS} steps`, published: 0.9997 }, last);
  const total = asked.reduce((sum, count) => sum + count, 0);
  const shares = asked.map((count) => count / total);
  for (const [name, measured, published] of [
    ["busiest expert's share of the work", Math.max(...shares), 0.18],
    ["idlest expert's share of the work", Math.min(...shares), 0.16],
  ] as const) {
    const { published: known, ...row } = rowOf(context, { name, published }, last);
    yield {
      suite: row.suite,
      name: row.name,
      measured,
      ...(known === undefined ? {} : { published: known }),
      modelMisses: 0,
      unfinished: 0,
      n: total,
    };
  }
}
