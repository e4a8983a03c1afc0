import { bernoulli, synchronous } from "@ganglion/nca";
import { fullRipple } from "../../problems/adversarial.ts";
import { carryHeavy, heldOut } from "../../problems/heldOut.ts";
import { stepsToSettle } from "../../solve/steps.ts";
import type { Context } from "../context.ts";
import { keyOf, measureRow, seedOf, STEPS } from "../context.ts";
import type { Row } from "../row.ts";

/** Operands of 1 to 7 digits; and strips of 16 to 128 cells, where the model has no fixed width. */
export function* length(context: Context): Generator<Row> {
  const { model, n, operation } = context;
  for (let digits = 1; digits <= 7; digits++) {
    const problems = heldOut(seedOf(context, 10 + digits), Math.min(n, 2000), { digits, operation });
    const label = {
      name: `${digits} ${digits === 1 ? "digit" : "digits"}, ${STEPS} steps`,
      published: digits < 7 ? 1 : 0.999,
    };
    yield measureRow(context, label, problems, { steps: STEPS, schedule: bernoulli(0.5), key: keyOf(context, digits) });
  }
  if (Number.isFinite(model.adder.maxDigits)) return;
  for (const cells of [16, 32, 64, 128]) {
    const hard = carryHeavy(seedOf(context, cells), Math.ceil(n * (cells < 100 ? 0.1 : 0.03)), {
      cells,
      operation,
    });
    const ripple = fullRipple(cells, 20, operation);
    const steps = stepsToSettle(cells, 0.5);
    const key = keyOf(context, cells);
    const all = { steps: cells, schedule: synchronous(), key };
    const half = { steps, schedule: bernoulli(0.5), key };
    yield measureRow(context, { name: `${cells} cells, synchronous, ${cells} steps` }, hard, all);
    yield measureRow(context, { name: `${cells} cells, one order, ${steps} steps` }, hard, half);
    yield measureRow(
      context,
      { name: `${cells} cells, longest carry, synchronous` },
      fullRipple(cells, 1, operation),
      all,
    );
    yield measureRow(context, { name: `${cells} cells, longest carry, 20 orders` }, ripple, half);
  }
}
