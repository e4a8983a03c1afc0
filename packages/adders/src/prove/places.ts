import { ConfigError } from "@ganglion/tensor";
import type { TransformerAdder } from "../adder.ts";
import { evaluator } from "../verify/evaluate.ts";
import { absolute, approximate, exact, larger, minus, plus, smaller, times, whole, write, zero } from "./dyadic.ts";
import type { Dyadic } from "./dyadic.ts";
import { confirm } from "./certificate.ts";
import type { CertificateBase, Counterexample } from "./certificate.ts";
import { scalarModel } from "./scalar.ts";
import type { ScalarModel } from "./scalar.ts";

/** One inequality: the right digit's logit beats a rival's at one end of what the sum can be. */
export interface PlaceInequality {
  /** Index of the answer digit, the highest first. */
  readonly step: number;
  readonly digit: number;
  readonly rival: number;
  readonly end: "low" | "high";
  /** Exact difference of the logits, less all that rounding can take away; above 0 when the inequality holds. */
  readonly lead: string;
  /** The lead in units of the last place of the sum. */
  readonly slack: number;
}

/** A proof by inequalities between exact numbers. */
export interface PlaceCertificate extends CertificateBase {
  readonly kind: "places";
  readonly inequalities: readonly PlaceInequality[];
  /** Those that do not hold. */
  readonly failures: readonly PlaceInequality[];
  /** Least slack of those that hold, in units of the last place. */
  readonly slack: number;
}

/** Unit of rounding of doubles. */
const UNIT = exact(2 ** -53);

/**
 * Proves an adder that keeps a remainder right for all operands of its width, or finds where it fails.
 *
 * The sum of the last attention is `scale * remainder` and deviations that are known exactly for every token. So at each
 * step, for each digit, it lies between two exact numbers; the lead of the right logit over a rival is monotone between
 * them, and is compared with 0 at both ends, less a bound on everything that rounding may do.
 *
 * @throws ConfigError when the model is not of this family
 */
export function provePlaces(adder: TransformerAdder): PlaceCertificate {
  const model = scalarModel(adder);
  const slopes = vShapeOf(adder);
  const inequalities = model.contributions.flatMap((_, step) => inequalitiesOf(model, slopes, step));
  const failures = inequalities.filter(({ lead }) => lead.startsWith("-") || lead.startsWith("0"));
  const counterexample = firstConfirmed(adder, failures);
  return {
    kind: "places",
    model: adder.name,
    claim: `a + b is right for all whole numbers a and b of at most ${adder.tokeniser.digits} digits`,
    proved: failures.length === 0,
    conditions: inequalities.length,
    failing: failures.length,
    inequalities,
    failures,
    slack: Math.min(...inequalities.filter((each) => !failures.includes(each)).map(({ slack }) => slack)),
    ...(counterexample && { counterexample }),
  };
}

interface Slopes {
  readonly rise: number;
  readonly fall: number;
  /** Feature of each candidate, and feature that is added to its logit. */
  readonly candidates: readonly number[];
  readonly residual: readonly (number | undefined)[];
}

function refuse(): never {
  throw new ConfigError("prove", "expected a last perceptron of ten V-shapes without norms");
}

/** Reads the V out of the last perceptron, and refuses any other. */
function vShapeOf({ plan, weights }: TransformerAdder): Slopes {
  const own = weights.layers.at(-1)!.mlp;
  const layer = plan.layers.at(-1)!;
  if (
    own === undefined ||
    layer.mlp?.activation !== "relu" ||
    layer.epsilon !== undefined ||
    plan.epsilon !== undefined
  )
    return refuse();
  if (own.gate !== undefined || own.upBias !== undefined || own.downBias !== undefined || weights.head !== undefined)
    return refuse();
  const [features, hidden] = own.up.shape as [number, number];
  const outputs = own.down.shape[1]!;
  const [rise, fall] = [Math.max(...own.up.data), -Math.min(...own.down.data)];
  const candidates: number[] = [];
  for (let c = 0; c < outputs; c++) {
    const units = [2 * c, 2 * c + 1];
    const feature =
      Array.from({ length: features }, (_, f) => f).find((f) => own.up.data[f * hidden + 2 * c] !== 0) ?? 0;
    const right = Array.from({ length: features * hidden }, (_, at) => at).every((at) => {
      const unit = at % hidden;
      if (!units.includes(unit)) return true;
      const expected = Math.floor(at / hidden) !== feature ? 0 : unit === units[0] ? rise : -rise;
      return own.up.data[at] === expected;
    });
    const down = Array.from({ length: hidden }, (_, unit) => own.down.data[unit * outputs + c]!);
    if (!right || down.some((value, unit) => value !== (units.includes(unit) ? -fall : 0))) return refuse();
    candidates.push(feature);
  }
  const { residual } = layer.mlp;
  if (residual === "all") return refuse();
  return {
    rise,
    fall,
    candidates,
    residual: candidates.map((_, c) => (residual === "none" ? undefined : residual[c])),
  };
}

/** The interval of the last sum for each digit, as exact numbers, and what rounding may change. */
function inequalitiesOf(model: ScalarModel, slopes: Slopes, step: number): PlaceInequality[] {
  const { adder, contributions, places } = model;
  const { digits, prompt } = adder.tokeniser;
  const table = contributions[step]!;
  const scale = unitOf(model, step);
  let [least, most, size] = [zero, zero, zero];
  for (const [place, values] of table.entries()) {
    let [low, high, largest]: (Dyadic | undefined)[] = [];
    for (const token of places[place]!.tokens) {
      const value = exact(values[token]!);
      const deviation = minus(value, times(scale, whole(placeValue(adder, place) * BigInt(token < 10 ? token : 0))));
      low = low === undefined ? deviation : smaller(low, deviation);
      high = high === undefined ? deviation : larger(high, deviation);
      largest = largest === undefined ? absolute(value) : larger(largest, absolute(value));
    }
    least = plus(least, low!);
    most = plus(most, high!);
    size = plus(size, largest!);
  }
  // a sum of n terms is off by less than n units of the sum of their sizes; 2 n leaves room for second-order terms
  const sumError = times(times(UNIT, whole(BigInt(2 * table.length))), size);
  const power = 10n ** BigInt(digits - step);
  const largestSum = 2n * (10n ** BigInt(digits) - 1n);
  const result: PlaceInequality[] = [];
  for (let digit = 0; digit < 10; digit++) {
    const first = BigInt(digit) * power;
    const last =
      step === 0 ? smallerOf((BigInt(digit) + 1n) * power - 1n, largestSum) : (BigInt(digit) + 1n) * power - 1n;
    if (first > last) continue;
    const ends = {
      low: plus(times(scale, whole(first)), least),
      high: plus(times(scale, whole(last)), most),
    };
    for (let rival = 0; rival < 10; rival++) {
      if (rival === digit) continue;
      const leads = { low: [] as Dyadic[], high: [] as Dyadic[] };
      for (const token of places[prompt - 1 + step]!.tokens) {
        const low = leadOf(model, slopes, { step, token, digit, rival, sum: ends.low, sumError });
        const high = leadOf(model, slopes, { step, token, digit, rival, sum: ends.high, sumError });
        // rounding takes away most at one of the ends, since sizes are convex in the sum
        const error = larger(low.error, high.error);
        leads.low.push(minus(low.value, error));
        leads.high.push(minus(high.value, error));
      }
      const unit = 2 * slopes.rise * slopes.fall * Math.abs(approximate(scale));
      for (const end of ["low", "high"] as const) {
        const lead = leads[end].reduce(smaller);
        result.push({ step, digit, rival, end, lead: write(lead), slack: approximate(lead) / unit });
      }
    }
  }
  return result;
}

interface Situation {
  readonly step: number;
  readonly token: number;
  readonly digit: number;
  readonly rival: number;
  readonly sum: Dyadic;
  readonly sumError: Dyadic;
}

/** Exact lead of the digit's logit over the rival's, and what rounding may take away. */
function leadOf(
  { adder, places, spread }: ScalarModel,
  { rise, fall, candidates, residual }: Slopes,
  at: Situation,
): { readonly value: Dyadic; readonly error: Dyadic } {
  const place = adder.tokeniser.prompt - 1 + at.step;
  const { data, shape } = places[place]!.x;
  const features = shape[2]!;
  const feature = (index: number): Dyadic =>
    plus(exact(data[at.token * features + index]!), times(exact(spread[index]!), at.sum));
  const slope = times(exact(rise), exact(fall));
  const logit = (c: number): { readonly value: Dyadic; readonly error: Dyadic } => {
    const x = feature(candidates[c]!);
    const extra = residual[c] === undefined ? undefined : feature(residual[c]);
    const drop = times(slope, absolute(x));
    const addedError = plus(at.sumError, times(times(UNIT, whole(4n)), plus(absolute(x), absolute(at.sum))));
    const vError = plus(times(slope, addedError), times(times(UNIT, whole(8n)), drop));
    const extraError =
      extra === undefined
        ? zero
        : plus(addedError, times(times(UNIT, whole(4n)), plus(absolute(extra), plus(drop, absolute(at.sum)))));
    return { value: extra === undefined ? minus(zero, drop) : minus(extra, drop), error: plus(vError, extraError) };
  };
  const [own, other] = [logit(at.digit), logit(at.rival)];
  return { value: minus(own.value, other.value), error: plus(own.error, other.error) };
}

/** How much the last sum grows with one unit of the remainder: what the last digit of the first operand adds. */
function unitOf({ adder, contributions }: ScalarModel, step: number): Dyadic {
  const values = contributions[step]![adder.tokeniser.digits]!;
  return exact(values[1]! - values[0]!);
}

/** Value of the digit at a place in the remainder: a power of ten in the operands, minus one in the answer, else 0. */
function placeValue({ tokeniser: { digits, prompt } }: TransformerAdder, place: number): bigint {
  if (place >= prompt) return -(10n ** BigInt(digits - (place - prompt)));
  if (place >= 1 && place <= digits) return 10n ** BigInt(digits - place);
  if (place >= digits + 2 && place <= 2 * digits + 1) return 10n ** BigInt(2 * digits + 1 - place);
  return 0n;
}

const smallerOf = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The smallest sum at a failing inequality that the model really gets wrong, divided evenly. */
function firstConfirmed(adder: TransformerAdder, failures: readonly PlaceInequality[]): Counterexample | undefined {
  const { digits } = adder.tokeniser;
  if (failures.length === 0 || digits > 15) return undefined;
  const asked = evaluator(adder);
  const sums = failures.map(
    ({ step, digit, end }) => (digit + (end === "low" ? 0 : 1)) * 10 ** (digits - step) - (end === "low" ? 0 : 1),
  );
  for (const sum of sums.toSorted((x, y) => x - y)) {
    const a = Math.ceil(sum / 2);
    const [answer] = asked.answers([[a, sum - a]]);
    const wrong = confirm(a, sum - a, answer!);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
