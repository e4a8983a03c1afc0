import { exp } from "@ganglion/kernels";
import { ConfigError, matmul } from "@ganglion/tensor";
import type { TransformerAdder } from "../adder.ts";
import { firstPlaces, lookFrom, projectPlaces } from "../specialise/tables.ts";
import { evaluator } from "../verify/evaluate.ts";
import { promptPlaces } from "./automaton.ts";
import { confirm } from "./certificate.ts";
import type { CertificateBase, Counterexample } from "./certificate.ts";
import type { Interval } from "./interval.ts";
import { tailOf } from "./tail.ts";
import type { Tail } from "./tail.ts";

/** All cells of one step with the same digit before it. */
export interface ColumnGroup {
  readonly step: number;
  /** Digit of the answer before; 0 at the first step. */
  readonly previous: number;
  readonly cells: number;
  readonly failing: number;
  /** A number that the lead of the right logit exceeds in all its cells; not above 0 where the proof fails. */
  readonly lead: number;
}

/** A proof by cases of two columns and bounds on all others. */
export interface ColumnCertificate extends CertificateBase {
  readonly kind: "columns";
  readonly groups: readonly ColumnGroup[];
  /** Least lead over all cells: positive means proved. */
  readonly lead: number;
}

/** One case: the digits of the column that is added and of the one before, and the carry into that one. */
interface Cell {
  readonly step: number;
  readonly previous: number;
  readonly known: readonly (readonly [place: number, token: number])[];
  /** Carry into the column before. */
  readonly carried: number;
  readonly digit: number;
}

/** What attention of one step gives, for one token that it is asked at. */
interface Looks {
  /** State before attention. */
  readonly state: readonly number[];
  /** e^score less that of the greatest, `[place][token]`. */
  readonly powers: readonly Float64Array[];
  /** What a token adds to the state if attention sees nothing else, `[place][token * features + feature]`. */
  readonly values: readonly Float64Array[];
}

/** Halvings of a cell before it counts as failing. */
const HALVINGS = 12;
/** Share of the largest value by which sums are widened: far more than scores, powers and sums are rounded by. */
const SAFETY = 2 ** -30;

/**
 * Proves a one-layer adder right for all operands of its width, lowest digit first, though its attention depends on them.
 *
 * An answer digit hangs on its column, the column before and the digit before it: those are tried in every combination. For
 * each, all other places add to the state at most what their least and greatest tokens could; interval arithmetic bounds the
 * logits over that box. The answer so far is right by induction over the steps.
 *
 * @param limit stops after so many failing cells, and counts what was tried until then
 * @throws ConfigError when the model is not of this kind
 */
export function proveColumns(
  adder: TransformerAdder,
  { limit = 100 }: { readonly limit?: number } = {},
): ColumnCertificate {
  const tail = tailOf(adder);
  const asked = attentionOf(adder);
  const { answer } = adder.tokeniser;
  const groups: ColumnGroup[] = [];
  const failures: Cell[] = [];
  for (let step = 0; step < answer && failures.length < limit; step++) {
    for (let previous = 0; previous < (step === 0 ? 1 : 10) && failures.length < limit; previous++) {
      const looks = asked(step, previous);
      let [cells, failing, lead] = [0, 0, Infinity];
      for (const cell of cellsOf(adder, step, previous)) {
        const found = leastLead(tail, boxOf(adder, looks, cell), cell.digit, HALVINGS);
        cells++;
        lead = Math.min(lead, found);
        if (found > 0) continue;
        failing++;
        failures.push(cell);
        if (failures.length === limit) break;
      }
      groups.push({ step, previous, cells, failing, lead });
    }
  }
  const counterexample = firstConfirmed(adder, failures);
  return {
    kind: "columns",
    model: adder.name,
    claim: `a + b is right for all whole numbers a and b of at most ${adder.tokeniser.digits} digits`,
    proved: failures.length === 0,
    conditions: groups.reduce((sum, { cells }) => sum + cells, 0),
    failing: failures.length,
    groups,
    lead: Math.min(...groups.map(({ lead }) => lead)),
    ...(counterexample && { counterexample }),
  };
}

/** Scores and values of every step, by the token that it is asked at. */
function attentionOf({ plan, weights, tokeniser }: TransformerAdder): (step: number, previous: number) => Looks {
  const { prompt, answer, template } = tokeniser;
  const [layer] = plan.layers;
  const [own] = weights.layers;
  const { features, vocabulary } = plan;
  if (
    plan.layers.length !== 1 ||
    layer!.attention.heads !== 1 ||
    layer!.attention.weighting !== "softmax" ||
    own!.outputBias
  ) {
    throw new ConfigError("prove", "expected one layer of one head, with softmax and without an output bias");
  }
  const places = firstPlaces(plan, weights, template.slice(0, prompt + answer - 1));
  const projected = projectPlaces(layer!, own!, places);
  const values = projected.map((each) => Float64Array.from(matmul(each.values, own!.output).data));
  return (step, previous) => {
    const place = prompt - 1 + step;
    const token = step === 0 ? template[place]![0]! : previous;
    const { looks } = lookFrom(layer!, places, projected, place, 0);
    const rows: Float64Array[] = [];
    for (const { key, scores } of looks) rows[key] = scores.subarray(token * vocabulary, (token + 1) * vocabulary);
    const most = Math.max(...looks.flatMap(({ key }) => places[key]!.tokens.map((each) => rows[key]![each]!)));
    return {
      state: Array.from(places[place]!.x.data.subarray(token * features, (token + 1) * features)),
      powers: rows.map((row) => row.map((score) => exp(score - most))),
      values,
    };
  };
}

/** All cases of a step. */
function cellsOf({ tokeniser }: TransformerAdder, step: number, previous: number): Cell[] {
  const { digits } = tokeniser;
  const { first, second } = promptPlaces(tokeniser);
  const pairs = (column: number): Cell["known"][] =>
    column < 0 || column >= digits
      ? [[]]
      : Array.from({ length: 100 }, (_, at) => [
          [first[column]!, Math.floor(at / 10)] as const,
          [second[column]!, at % 10] as const,
        ]);
  const total = (known: Cell["known"]): number => known.reduce((sum, [, token]) => sum + token, 0);
  return pairs(step - 1).flatMap((before) => {
    const carried = (previous - total(before) + 20) % 10;
    // the digit before is that of its column: there is a carry into it or none, and none into the lowest
    if (carried > (step > 1 ? 1 : 0)) return [];
    const carry = total(before) + carried >= 10 ? 1 : 0;
    return pairs(step).map((here) => ({
      step,
      previous,
      known: [...before, ...here],
      carried,
      digit: (total(here) + carry) % 10,
    }));
  });
}

/** Bounds on the state behind attention in one case. */
function boxOf({ plan, tokeniser }: TransformerAdder, { state, powers, values }: Looks, cell: Cell): Interval[] {
  const { features } = plan;
  const own = tokeniser.prompt - 1 + cell.step;
  const tokens = new Map(cell.known);
  for (const { place, token } of promptPlaces(tokeniser).signs) tokens.set(place, token);
  if (cell.step > 0) tokens.set(own, cell.previous);
  let total = 0;
  const sums = state.map(() => 0);
  for (const [place, token] of tokens) {
    const power = powers[place]?.[token] ?? 0;
    total += power;
    for (let f = 0; f < features; f++) sums[f]! += power * values[place]![token * features + f]!;
  }
  const centre = sums.map((sum) => sum / total);
  // another place moves the mean from the centre towards its value, by its power over the sum of all powers
  let [least, size] = [total, Math.max(...centre.map(Math.abs))];
  const [low, high] = [state.map(() => 0), state.map(() => 0)];
  for (const [place, row] of powers.entries()) {
    if (row === undefined || tokens.has(place)) continue;
    let smallest = Infinity;
    const [down, up] = [state.map(() => Infinity), state.map(() => -Infinity)];
    for (let token = 0; token < 10; token++) {
      smallest = Math.min(smallest, row[token]!);
      for (let f = 0; f < features; f++) {
        const value = values[place]![token * features + f]!;
        size = Math.max(size, Math.abs(value));
        const pull = row[token]! * (value - centre[f]!);
        down[f] = Math.min(down[f]!, pull);
        up[f] = Math.max(up[f]!, pull);
      }
    }
    least += smallest;
    for (let f = 0; f < features; f++) {
      low[f]! += down[f]!;
      high[f]! += up[f]!;
    }
  }
  return state.map((own, f) => ({
    low: own + centre[f]! + Math.min(0, low[f]!) / least - SAFETY * size,
    high: own + centre[f]! + Math.max(0, high[f]!) / least + SAFETY * size,
  }));
}

/** A bound below the lead over a box, by halving its widest side where the bound is not above 0. */
function leastLead(tail: Tail, box: readonly Interval[], digit: number, halvings: number): number {
  const lead = tail(box, digit);
  if (lead > 0 || halvings === 0) return lead;
  const widths = box.map(({ low, high }) => high - low);
  const side = widths.indexOf(Math.max(...widths));
  const { low, high } = box[side]!;
  const middle = (low + high) / 2;
  const lower = leastLead(tail, box.with(side, { low, high: middle }), digit, halvings - 1);
  if (!(lower > 0)) return lower;
  return Math.min(lower, leastLead(tail, box.with(side, { low: middle, high }), digit, halvings - 1));
}

/** The first sum built around failing cases that the model really gets wrong. */
function firstConfirmed(adder: TransformerAdder, failures: readonly Cell[]): Counterexample | undefined {
  const { tokeniser } = adder;
  const { first, second } = promptPlaces(tokeniser);
  const pairs = failures.flatMap(({ step, known, carried }) => {
    const tokens = new Map(known);
    return [0, 4, 5, 9].map((above) => {
      const digit = (place: number, column: number, below: number): number =>
        tokens.get(place) ?? (column < step ? below : above);
      const number = (places: readonly number[], below: number): number =>
        places.reduceRight((sum, place, column) => 10 * sum + digit(place, column, below), 0);
      // nines under the columns that are given carry into them, with a nine below
      return [number(first, 9 * carried), number(second, 9 * carried)] as const;
    });
  });
  const answers = evaluator(adder).answers(pairs);
  return pairs.map(([a, b], index) => confirm(a, b, answers[index]!)).find((each) => each !== undefined);
}
