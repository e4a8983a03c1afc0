import { bernoulli } from "@ganglion/nca";
import { exactAnswers } from "../../oracle/exact.ts";
import { heldOut } from "../../problems/heldOut.ts";
import { majority } from "../../solve/vote.ts";
import type { Context } from "../context.ts";
import { keyOf, rowOf, seedOf, STEPS } from "../context.ts";
import { measure, rightRows } from "../measure.ts";
import type { Row } from "../row.ts";

const ORDERS = 8;
const VOTES = 9;

/** The held-out set under eight orders of firing, and what nine of them say together. */
export function* orders(context: Context): Generator<Row> {
  const { model, n, operation } = context;
  const problems = heldOut(seedOf(context, 1), n, { operation });
  const cells = problems.a.shape[1]!;
  const readings = Array.from(
    { length: VOTES },
    (_, order) => measure(model, problems, { steps: STEPS, schedule: bernoulli(0.5), key: keyOf(context, order) }).last,
  );
  const eight = readings.slice(0, ORDERS);
  const accuracies = eight.map(({ right }) => right.reduce((sum, one) => sum + one, 0) / n);
  yield rowOf(
    context,
    { name: `mean of ${ORDERS} orders, ${STEPS} steps`, published: 0.9997, spread: deviation(accuracies) },
    ...eight,
  );
  const answers = exactAnswers(problems).data;
  const right = rightRows(majority(readings.map(({ digits }) => digits)), answers, cells);
  // a vote can be right where most runs, or just enough of them for each digit, were finished
  const settled = right.map((_, row) =>
    readings.filter((reading) => reading.settled[row] === 1).length > VOTES / 2 ? 1 : 0,
  );
  yield rowOf(context, { name: `vote of ${VOTES}, ${STEPS} steps`, published: 1 }, { right, settled });
  yield rowOf(
    context,
    { name: `vote of ${VOTES}, the first 300`, published: 1 },
    { right: right.subarray(0, 300), settled: settled.subarray(0, 300) },
  );
}

/** Standard deviation over a few runs. */
function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / values.length);
}
