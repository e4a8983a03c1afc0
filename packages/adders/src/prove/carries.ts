import { ConfigError } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import type { TransformerAdder } from "../adder.ts";
import type { Activation } from "../parts/mlp.ts";
import { firstPlaces } from "../specialise/tables.ts";
import { evaluator } from "../verify/evaluate.ts";
import { cellsOf, contributionsOf } from "./automaton.ts";
import type { Cell, Digits } from "./automaton.ts";
import { confirm } from "./certificate.ts";
import type { CertificateBase, Counterexample } from "./certificate.ts";
import { geluTanhOf, line, product, rmsNormOf, siluOf, weightedSum } from "./interval.ts";
import type { Interval } from "./interval.ts";

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
  const tail = tailOf(adder);
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
  const tail = tailOf(adder);
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

/** From the sum to the leads of one logit over all others. */
type Tail = (cell: Pick<Cell, "step" | "previous">, digit: number, sum: Interval) => number;

/** Activations that can be bounded. */
const bounds: Partial<Readonly<Record<Activation, (x: Interval) => Interval>>> = { geluTanh: geluTanhOf, silu: siluOf };

/** A column of a matrix. */
const rows = (data: ArrayLike<number>, columns: number, column: number, length: number): number[] =>
  Array.from({ length }, (_, row) => data[row * columns + column]!);

/** The part of the model behind attention, over intervals. @throws ConfigError when it has other parts */
function tailOf(adder: TransformerAdder): Tail {
  const { plan, weights, tokeniser } = adder;
  const [layer] = plan.layers;
  const [own] = weights.layers;
  const mlp = own?.mlp;
  const bounded = layer?.mlp === undefined ? undefined : bounds[layer.mlp.activation];
  const fits =
    plan.layers.length === 1 &&
    layer?.mlp?.residual === "all" &&
    bounded !== undefined &&
    layer.attention.residual === "all";
  if (
    !fits ||
    layer === undefined ||
    mlp === undefined ||
    layer.epsilon === undefined ||
    plan.epsilon === undefined ||
    weights.head === undefined
  ) {
    throw new ConfigError(
      "prove",
      "expected one normed layer with a perceptron of geluTanh or silu units and a linear head",
    );
  }
  const places = firstPlaces(plan, weights, tokeniser.template.slice(0, tokeniser.prompt + tokeniser.answer - 1));
  const spread = own!.output.data;
  const { features } = plan;
  const hidden = mlp.up.shape[1]!;
  const columnsOf = (matrix: Tensor): number[][] =>
    Array.from({ length: hidden }, (_, unit) => rows(matrix.data, hidden, unit, features));
  const ups = columnsOf(mlp.up);
  const gates = mlp.gate && columnsOf(mlp.gate);
  const downs = Array.from({ length: features }, (_, feature) => rows(mlp.down.data, features, feature, hidden));
  const heads = Array.from({ length: plan.vocabulary }, (_, token) =>
    rows(weights.head!.data, plan.vocabulary, token, features),
  );
  const ones = Array.from({ length: features }, () => 1);
  const [mlpNorm, norm] = [Array.from(own!.mlpNorm?.data ?? ones), Array.from(weights.norm?.data ?? ones)];
  const [epsilon, lastEpsilon] = [layer.epsilon, plan.epsilon];
  return ({ step, previous }, digit, sum) => {
    const token = step === 0 ? tokeniser.template[tokeniser.prompt - 1]![0]! : previous;
    const { data } = places[tokeniser.prompt - 1 + step]!.x;
    const x = Array.from(spread, (factor, feature) => line(data[token * features + feature]!, factor, sum));
    const normed = rmsNormOf(x, mlpNorm, epsilon);
    const units = ups.map((row, unit) => {
      const raised = weightedSum(normed, row, mlp.upBias?.data[unit]);
      if (gates === undefined) return bounded(raised);
      return product(bounded(weightedSum(normed, gates[unit]!, mlp.gateBias?.data[unit])), raised);
    });
    const after = x.map((each, feature) =>
      weightedSum([each, ...units], [1, ...downs[feature]!], mlp.downBias?.data[feature]),
    );
    const last = rmsNormOf(after, norm, lastEpsilon);
    let least = Infinity;
    for (const [rival, row] of heads.entries()) {
      if (rival === digit) continue;
      const difference = weightedSum(
        last,
        row.map((weight, feature) => heads[digit]![feature]! - weight),
      );
      // the engine subtracts nothing: it rounds two logits, each of which is at most this large
      const size = weightedSum(last, row.map(Math.abs)).high + weightedSum(last, heads[digit]!.map(Math.abs)).high;
      least = Math.min(least, difference.low - 2 ** -40 * Math.abs(size));
    }
    return least;
  };
}

/** A bound below the lead over an interval, by halving it where the bound is not above 0. */
function leastLead(tail: Tail, cell: Cell, digit: number, sum: Interval, halvings: number): number {
  const lead = tail(cell, digit, sum);
  if (lead > 0 || halvings === 0) return lead;
  const middle = (sum.low + sum.high) / 2;
  const lower = leastLead(tail, cell, digit, { low: sum.low, high: middle }, halvings - 1);
  if (!(lower > 0)) return lower;
  return Math.min(lower, leastLead(tail, cell, digit, { low: middle, high: sum.high }, halvings - 1));
}
