import { bernoulli, synchronous } from "@ganglion/nca";
import { adversarial as adversarialProblems } from "../../problems/adversarial.ts";
import { selectProblems } from "../../problems/problems.ts";
import type { Context } from "../context.ts";
import { keyOf, measureRow } from "../context.ts";
import type { Row } from "../row.ts";

const MOST_ORDERS = 100;

/** 22 carries through all places: once, under many orders of firing, with more time, and all cells at once. */
export function* adversarial(context: Context): Generator<Row> {
  const hard = adversarialProblems(8, context.operation);
  const n = hard.operation.size;
  const orders = Math.min(MOST_ORDERS, Math.ceil(context.n / n));
  const many = selectProblems(
    hard,
    Array.from({ length: n * orders }, (_, row) => row % n),
  );
  const schedule = bernoulli(0.5);
  const once = { name: `${n} carries, one order, 24 steps`, published: 21 / 22 };
  yield measureRow(context, once, hard, { steps: 24, schedule, key: keyOf(context, 0) });
  for (const steps of [24, 48]) {
    const label = { name: `${n} carries, ${orders} ${orders === 1 ? "order" : "orders"}, ${steps} steps` };
    yield measureRow(context, label, many, { steps, schedule, key: keyOf(context, steps) });
  }
  const label = { name: `${n} carries, synchronous, 8 steps` };
  yield measureRow(context, label, hard, { steps: 8, schedule: synchronous(), key: keyOf(context, 1) });
}
