import { quantize } from "@ganglion/int8";
import type { IntegerMatrix, IntegerWeights } from "@ganglion/kernels";
import { integerNca } from "@ganglion/nca";
import type { IntegerNca } from "@ganglion/nca";
import type { Tensor } from "@ganglion/tensor";
import type { Adder, AdderParams } from "../adder/adder.ts";

const made = new WeakMap<AdderParams, Map<number, IntegerNca>>();

/** The automaton of an adder in integers, on a strip of so many cells; made once for each. */
export function integersOf(adder: Adder, params: AdderParams, cells: number): IntegerNca {
  const automata = made.get(params) ?? new Map<number, IntegerNca>();
  made.set(params, automata);
  const automaton = automata.get(cells) ?? integerNca(adder.automaton(cells), integerWeights(params));
  automata.set(cells, automaton);
  return automaton;
}

/**
 * The codes of an adder's rule: those of its file where the parameters come out of an int8 file, since quantising what
 * codes stand for gives the codes again.
 */
export function integerWeights(params: AdderParams): IntegerWeights {
  const { router, experts } = params.rule;
  return {
    router: matrix(router.weight, router.bias, [1]),
    first: matrix(experts.w1, experts.b1, [0, 2]),
    second: matrix(experts.w2, experts.b2, [0, 2]),
    inputRange: largestInput(params),
  };
}

function matrix({ data, shape }: Tensor, bias: Tensor, axis: readonly number[]): IntegerMatrix {
  const { codes, scales } = quantize(Float32Array.from(data), shape, { axis });
  return { codes, scales, bias: Float32Array.from(bias.data) };
}

/** What no sum of two digits, an operation and a position exceeds. */
function largestInput({ digits, operations, positions }: AdderParams): number {
  // one table serves both digits, or each of two fills half of the channels
  const ofDigits = digits.length === 1 ? 2 * largest(digits) : largest(digits);
  return ofDigits + largest(operations) + largest(positions);
}

function largest(tables: readonly Tensor[]): number {
  let most = 0;
  for (const { data } of tables) for (const x of data) most = Math.max(most, Math.abs(x));
  return most;
}
