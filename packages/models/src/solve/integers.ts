import { quantize } from "@ganglion/int8";
import type { QuantizeConfig } from "@ganglion/int8";
import type { IntegerMatrix, IntegerWeights } from "@ganglion/kernels";
import { integerNca } from "@ganglion/nca";
import type { IntegerNca } from "@ganglion/nca";
import type { Tensor } from "@ganglion/tensor";
import type { AdderParams } from "../adder/adder.ts";
import type { Model } from "./run.ts";

const made = new WeakMap<AdderParams, Map<number, IntegerNca>>();

/** The automaton of a model in integers, on a strip of so many cells; made once for each. */
export function integersOf({ adder, params, levels }: Model, cells: number): IntegerNca {
  const automata = made.get(params) ?? new Map<number, IntegerNca>();
  made.set(params, automata);
  const automaton = automata.get(cells) ?? integerNca(adder.automaton(cells), integerWeights(params, levels));
  automata.set(cells, automaton);
  return automaton;
}

/**
 * The codes of an adder's rule: those of its file where the parameters come out of an int8 file, since quantising what
 * codes stand for gives the codes again.
 *
 * @param levels largest code, from 1 to 127, as in the file. Default 127
 */
export function integerWeights(params: AdderParams, levels = 127): IntegerWeights {
  const { router, experts } = params.rule;
  return {
    router: matrix(router.weight, router.bias, { axis: [1], levels }),
    first: matrix(experts.w1, experts.b1, { axis: [0, 2], levels }),
    second: matrix(experts.w2, experts.b2, { axis: [0, 2], levels }),
    inputRange: largestInput(params),
  };
}

function matrix({ data, shape }: Tensor, bias: Tensor, config: QuantizeConfig): IntegerMatrix {
  const { codes, scales } = quantize(Float32Array.from(data), shape, config);
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
