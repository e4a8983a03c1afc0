import { ConfigError } from "@ganglion/tensor";
import type { TransformerAdder } from "../adder.ts";
import { firstPlaces, lookFrom, projectPlaces, rowsOf } from "../specialise/tables.ts";
import type { Tokeniser } from "../tokens/tokeniser.ts";
import { exp } from "@ganglion/kernels";

/** What the tokens at each place add to the one number that attention gives at one step, and how exactly it is known. */
export interface Contributions {
  /** `[places][tokens]`; places that the step does not see are absent. */
  readonly values: readonly Float64Array[];
  /** Bound on what rounding may change in the sum. */
  readonly error: number;
}

/** Least and greatest sums that operands can reach, with the digits that reach them. */
interface Reach {
  readonly low: number;
  readonly high: number;
  readonly lowest: Digits;
  readonly highest: Digits;
}

/** Digits of two operands, lowest first. */
export interface Digits {
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** What the carry automaton knows before a column: one reach per carry and previous digit. */
interface Column {
  readonly carry: number;
  readonly previous: number;
  readonly reach: Reach;
}

/** One cell: everything that decides an answer digit but the sum. */
export interface Cell {
  readonly step: number;
  readonly carry: number;
  /** Digit of the answer before; 0 at the first step. */
  readonly previous: number;
  /** Sum of the two digits of this column. */
  readonly total: number;
  readonly reach: Reach;
}

/**
 * What the attention of a one-layer model adds up at each step, when scores depend on tokens by rounding alone.
 *
 * @throws ConfigError when attention depends on the operands, or there is more than one layer or number
 */
export function contributionsOf(adder: TransformerAdder): Contributions[] {
  const { plan, weights, tokeniser } = adder;
  const { prompt, answer, template } = tokeniser;
  const [layer] = plan.layers;
  const [own] = weights.layers;
  if (plan.layers.length !== 1 || own!.output.shape[0] !== 1 || layer!.attention.weighting !== "softmax") {
    throw new ConfigError("prove", "expected one layer whose attention gives one number by softmax");
  }
  const places = firstPlaces(plan, weights, template.slice(0, prompt + answer - 1));
  const projected = projectPlaces(layer!, own!, places);
  const vocabulary = plan.vocabulary;
  return Array.from({ length: answer }, (_, step) => {
    const place = prompt - 1 + step;
    const { looks } = lookFrom(layer!, places, projected, place, 0);
    let spread = 0;
    const scores = looks.map(({ key, scores: table }) => {
      const possible = places[place]!.tokens.flatMap((q) => places[key]!.tokens.map((k) => table[q * vocabulary + k]!));
      const [low, high] = [Math.min(...possible), Math.max(...possible)];
      spread = Math.max(spread, high - low);
      return (low + high) / 2;
    });
    if (spread > 1e-7)
      throw new ConfigError("prove", `expected attention that looks at positions only, but scores differ by ${spread}`);
    const most = Math.max(...scores);
    const powers = scores.map((score) => exp(score - most));
    const total = powers.reduce((sum, power) => sum + power, 0);
    const values: Float64Array[] = [];
    let size = 0;
    for (const [index, { key }] of looks.entries()) {
      values[key] = Float64Array.from(rowsOf(projected[key]!.values, 0), (row) => (powers[index]! / total) * row[0]!);
      size += Math.max(...values[key].map((value) => Math.abs(value)));
    }
    // weights change by at most a factor e^(2 spread); the rest covers the roundings of some hundred operations
    return { values, error: size * (4 * spread + 2 ** -44) };
  });
}

/** All cells of one step. */
export function cellsOf(adder: TransformerAdder, { values }: Contributions, step: number): Cell[] {
  const { digits, prompt } = adder.tokeniser;
  const { first, second, signs } = promptPlaces(adder.tokeniser);
  const constant = signs.reduce((sum, { place, token }) => sum + (values[place]?.[token] ?? 0), 0);
  const at = (place: number, digit: number): number => values[place]![digit]!;
  let columns: Column[] = [
    { carry: 0, previous: 0, reach: { low: constant, high: constant, lowest: none, highest: none } },
  ];
  for (let column = 0; column < step; column++) {
    columns = nextColumns(
      columns,
      (a, b, s) => at(first[column]!, a) + at(second[column]!, b) + at(prompt + column, s),
    );
  }
  if (step === digits) return columns.map((each) => ({ step, total: 0, ...each }));
  const rest = Array.from({ length: digits - step - 1 }, (_, index) => step + 1 + index).map((column) =>
    reachOf(
      (a, b) => at(first[column]!, a) + at(second[column]!, b),
      () => true,
    ),
  );
  return columns.flatMap(({ carry, previous, reach }) =>
    Array.from({ length: 19 }, (_, total) => {
      const here = reachOf(
        (a, b) => at(first[step]!, a) + at(second[step]!, b),
        (a, b) => a + b === total,
      );
      return { step, carry, previous, total, reach: [here, ...rest].reduce(join, reach) };
    }),
  );
}

/** Where the digits of the operands stand in a prompt, lowest first, and what stands at all other places. */
export function promptPlaces({ digits, prompt, template }: Tokeniser): {
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly signs: readonly { readonly place: number; readonly token: number }[];
} {
  const places = template.slice(0, prompt).map((tokens, place) => ({ place, tokens }));
  const operands = places.filter(({ tokens }) => tokens.length > 1).map(({ place }) => place);
  const signs = places.filter(({ tokens }) => tokens.length === 1);
  return {
    first: operands.slice(0, digits),
    second: operands.slice(digits),
    signs: signs.map(({ place, tokens }) => ({ place, token: tokens[0]! })),
  };
}

const none: Digits = { a: [], b: [] };

function nextColumns(columns: readonly Column[], add: (a: number, b: number, s: number) => number): Column[] {
  const next = new Map<number, Column>();
  for (const { carry, reach } of columns) {
    for (let a = 0; a < 10; a++) {
      for (let b = 0; b < 10; b++) {
        const sum = a + b + carry;
        const [digit, out] = [sum % 10, sum >= 10 ? 1 : 0];
        const value = add(a, b, digit);
        const joined = join(reach, {
          low: value,
          high: value,
          lowest: { a: [a], b: [b] },
          highest: { a: [a], b: [b] },
        });
        const before = next.get(10 * out + digit);
        next.set(10 * out + digit, {
          carry: out,
          previous: digit,
          reach: before === undefined ? joined : hull(before.reach, joined),
        });
      }
    }
  }
  return [...next.values()];
}

/** Least and greatest value over the pairs of digits that are allowed. */
function reachOf(value: (a: number, b: number) => number, allowed: (a: number, b: number) => boolean): Reach {
  let found: Reach | undefined;
  for (let a = 0; a < 10; a++) {
    for (let b = 0; b < 10; b++) {
      if (!allowed(a, b)) continue;
      const digits = { a: [a], b: [b] };
      const one = { low: value(a, b), high: value(a, b), lowest: digits, highest: digits };
      found = found === undefined ? one : hull(found, one);
    }
  }
  return found!;
}

function hull(x: Reach, y: Reach): Reach {
  const [low, high] = [x.low <= y.low ? x : y, x.high >= y.high ? x : y];
  return { low: low.low, lowest: low.lowest, high: high.high, highest: high.highest };
}

function join(x: Reach, y: Reach): Reach {
  return {
    low: x.low + y.low,
    high: x.high + y.high,
    lowest: { a: [...x.lowest.a, ...y.lowest.a], b: [...x.lowest.b, ...y.lowest.b] },
    highest: { a: [...x.highest.a, ...y.highest.a], b: [...x.highest.b, ...y.highest.b] },
  };
}
