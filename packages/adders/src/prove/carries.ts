import type { TransformerAdder } from "../adder.ts";
import { firstPlaces } from "../specialise/tables.ts";
import { evaluator } from "../verify/evaluate.ts";
import { cellsOf, contributionsOf } from "./automaton.ts";
import type { Cell, Digits } from "./automaton.ts";
import { confirm } from "./certificate.ts";
import type { CertificateBase, Counterexample } from "./certificate.ts";
import { line } from "./interval.ts";
import type { Interval } from "./interval.ts";
import { tailOf } from "./tail.ts";

/** One cell of the proof. */
export interface CarryCell {
  readonly step: number;
  readonly carry: number;
  readonly previous: number;
  readonly total: number;
  readonly digit: number;
  /** What the sum of attention can be, rounding included. */
  readonly low: number;
  readonly high: number;
  /** A number that the lead of the right logit exceeds everywhere between them; not above 0 where the proof fails. */
  readonly lead: number;
}

/** A proof by the automaton of carries and interval arithmetic. */
export interface CarryCertificate extends CertificateBase {
  readonly kind: "carries";
  readonly cells: readonly CarryCell[];
  /** Least lead over all cells: positive means proved. */
  readonly lead: number;
}

/** Halvings of a cell before it counts as failing. */
const HALVINGS = 14;

/**
 * Proves a one-layer adder whose attention looks at positions only right for all operands of its width.
 *
 * What such a model sees of the operands is one number per step. For every carry, previous digit and column total, dynamic
 * programming gives the least and the greatest value it can have; between them, interval arithmetic bounds the logits.
 *
 * @param limit stops after so many failing cells; all by default
 * @throws ConfigError when the model is not of this kind
 */
export function proveCarries(
  adder: TransformerAdder,
  { limit = Infinity }: { readonly limit?: number } = {},
): CarryCertificate {
  const tail = sumTailOf(adder);
  const cells: CarryCell[] = [];
  const failures: Cell[] = [];
  for (const [step, contributions] of contributionsOf(adder).entries()) {
    for (const cell of cellsOf(adder, contributions, step)) {
      const digit = (cell.total + cell.carry) % 10;
      const [low, high] = [cell.reach.low - contributions.error, cell.reach.high + contributions.error];
      const lead = leastLead(tail, cell, digit, { low, high }, HALVINGS);
      cells.push({ step, carry: cell.carry, previous: cell.previous, total: cell.total, digit, low, high, lead });
      if (!(lead > 0)) failures.push(cell);
      if (failures.length >= limit) break;
    }
  }
  const counterexample = failures.length === 0 ? undefined : counterexamples(adder, failures)[0];
  return {
    kind: "carries",
    model: adder.name,
    claim: `a + b is right for all whole numbers a and b of at most ${adder.tokeniser.digits} digits`,
    proved: failures.length === 0,
    conditions: cells.length,
    failing: failures.length,
    cells,
    lead: Math.min(...cells.map(({ lead }) => lead)),
    ...(counterexample && { counterexample }),
  };
}

/** Pairs that a model adds wrongly, constructed from the cells that fail; empty when the ends of all of them are right. */
export function carryCounterexamples(adder: TransformerAdder): Counterexample[] {
  const tail = sumTailOf(adder);
  const failing = contributionsOf(adder).flatMap((contributions, step) =>
    cellsOf(adder, contributions, step).filter(({ reach, ...cell }) =>
      [reach.low, reach.high].some(
        (sum) => !(leastLead(tail, { reach, ...cell }, (cell.total + cell.carry) % 10, { low: sum, high: sum }, 0) > 0),
      ),
    ),
  );
  return counterexamples(adder, failing);
}

function counterexamples(adder: TransformerAdder, cells: readonly Cell[]): Counterexample[] {
  const pairs = cells.flatMap(({ reach }) => [numbers(reach.lowest), numbers(reach.highest)]);
  const answers = evaluator(adder).answers(pairs);
  return pairs.flatMap(([a, b], index) => confirm(a, b, answers[index]!) ?? []);
}

const value = (digits: readonly number[]): number => digits.reduceRight((sum, digit) => 10 * sum + digit, 0);

function numbers({ a, b }: Digits): readonly [number, number] {
  return [value(a), value(b)];
}

/** From the sum to a bound below the lead of one logit over all others. */
type SumTail = (cell: Pick<Cell, "step" | "previous">, digit: number, sum: Interval) => number;

/** The part of the model behind attention's one number. @throws ConfigError when it has other parts */
function sumTailOf(adder: TransformerAdder): SumTail {
  const { plan, weights, tokeniser } = adder;
  const tail = tailOf(adder);
  const places = firstPlaces(plan, weights, tokeniser.template.slice(0, tokeniser.prompt + tokeniser.answer - 1));
  const spread = Array.from(weights.layers[0]!.output.data);
  return ({ step, previous }, digit, sum) => {
    const token = step === 0 ? tokeniser.template[tokeniser.prompt - 1]![0]! : previous;
    const { data } = places[tokeniser.prompt - 1 + step]!.x;
    const x = spread.map((factor, feature) => line(data[token * plan.features + feature]!, factor, sum));
    return tail(x, digit);
  };
}

/** A bound below the lead over an interval, by halving it where the bound is not above 0. */
function leastLead(tail: SumTail, cell: Cell, digit: number, sum: Interval, halvings: number): number {
  const lead = tail(cell, digit, sum);
  if (lead > 0 || halvings === 0) return lead;
  const middle = (sum.low + sum.high) / 2;
  const lower = leastLead(tail, cell, digit, { low: sum.low, high: middle }, halvings - 1);
  if (!(lower > 0)) return lower;
  return Math.min(lower, leastLead(tail, cell, digit, { low: middle, high: sum.high }, halvings - 1));
}
