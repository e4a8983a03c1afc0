import { ConfigError, fromData } from "@ganglion/tensor";
import type { TransformerAdder } from "../adder.ts";
import { read } from "../transformer.ts";
import type { CertificateBase } from "./certificate.ts";

/** One case: a pair of bits, a state, and the state that the model gives. */
export interface Transition {
  readonly pair: number;
  readonly state: number;
  readonly logits: readonly number[];
  readonly next: number;
  readonly expected: number;
  /** Lead of the expected state's logit. */
  readonly margin: number;
}

/** A proof by 16 cases and induction over the places. */
export interface TransitionCertificate extends CertificateBase {
  readonly kind: "transitions";
  readonly transitions: readonly Transition[];
  /** Why 16 cases are all there are. */
  readonly induction: readonly string[];
  /** Least margin. */
  readonly margin: number;
}

/**
 * Proves an adder on pairs of bits right for all operands of all widths: each state depends on one pair and the state
 * before alone, which is checked on the plan, and all 16 transitions are right, which is computed.
 *
 * @param adderOfBits builds the same model for so many bits
 * @throws ConfigError when a state may depend on anything else
 */
export function proveTransitions(
  name: string,
  adderOfBits: (bits: number) => Pick<TransformerAdder, "plan" | "weights">,
): TransitionCertificate {
  for (const bits of [1, 2, 35]) requireTwoKeys(adderOfBits(bits), bits);
  const { plan, weights } = adderOfBits(1);
  const tokens = Int32Array.from({ length: 32 }, (_, at) => (at % 2 === 0 ? at >> 3 : (at >> 1) & 3));
  const { data } = read(plan, weights, fromData(tokens, [16, 2])).logits;
  const transitions = Array.from({ length: 16 }, (_, at) =>
    transition(at >> 2, at & 3, Array.from(data.subarray(8 * at + 4, 8 * at + 8))),
  );
  const failing = transitions.filter(({ margin }) => !(margin > 0)).length;
  const wrong = failing === 0 ? undefined : shortestFailure(transitions);
  return {
    kind: "transitions",
    model: name,
    claim: "a + b is right for all whole numbers a and b of every width",
    proved: failing === 0,
    conditions: transitions.length,
    failing,
    transitions,
    margin: Math.min(...transitions.map(({ margin }) => margin)),
    induction: [
      "A query sees itself and the pair as many places before it as there are bits; hidden keys have weight exactly 0.",
      "There are no positions, so the logits of a state are a function of the pair and the state before it: 16 cases.",
      "State 0 stands before the lowest bit. If a state holds bit and carry of a column, the next one does, in all 16 cases.",
    ],
    ...(wrong && { counterexample: wrong }),
  };
}

function transition(pair: number, state: number, logits: readonly number[]): Transition {
  const ones = (pair >> 1) + (pair & 1) + (state >> 1);
  const expected = (ones & 1) + 2 * (ones >> 1);
  const next = logits.reduce((best, logit, index) => (logit > logits[best]! ? index : best), 0);
  const others = logits.filter((_, index) => index !== expected);
  return { pair, state, logits, next, expected, margin: logits[expected]! - Math.max(...others) };
}

function requireTwoKeys({ plan }: Pick<TransformerAdder, "plan">, bits: number): void {
  const [layer] = plan.layers;
  const { sees, slopes, rope } = layer!.attention;
  const right = Array.from({ length: bits }, (_, index) => bits + index).every((query) =>
    Array.from({ length: query + 1 }, (_, key) => key).every(
      (key) => sees?.(query, key) === (key === query || key === query - bits),
    ),
  );
  if (plan.layers.length === 1 && right && slopes === undefined && rope === undefined) return;
  throw new ConfigError("prove", "expected one layer without positions in which a state sees itself and one pair");
}

/** The shortest operands that reach a wrong transition by right ones, with the answer that the table gives. */
function shortestFailure(transitions: readonly Transition[]): TransitionCertificate["counterexample"] {
  let frontier = [{ state: 0, a: 0n, b: 0n, bits: 0n }];
  for (let depth = 0; depth < 5; depth++) {
    const next: typeof frontier = [];
    for (const { state, a, b, bits } of frontier) {
      for (const { pair, next: given, expected } of transitions.filter((each) => each.state === state)) {
        const [x, y] = [a + (BigInt(pair >> 1) << bits), b + (BigInt(pair & 1) << bits)];
        if (given !== expected) {
          const answer = byTable(transitions, x, y);
          if (answer !== x + y) return { a: String(x), b: String(y), expected: String(x + y), answer: String(answer) };
        }
        next.push({ state: expected, a: x, b: y, bits: bits + 1n });
      }
    }
    frontier = next;
  }
  return undefined;
}

function byTable(transitions: readonly Transition[], a: bigint, b: bigint): bigint {
  let [state, sum] = [0, 0n];
  for (let bit = 0n; bit < 35n; bit++) {
    const pair = 2 * Number((a >> bit) & 1n) + Number((b >> bit) & 1n);
    state = transitions[4 * pair + state]!.next;
    sum += BigInt(state & 1) << bit;
  }
  return sum;
}
