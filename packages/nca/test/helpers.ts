import {
  type Key,
  type Tensor,
  type Tree,
  add,
  flattenTree,
  grad,
  fromData,
  key,
  logSumExp,
  matmul,
  mean,
  mul,
  slice,
  softmax,
  split,
  square,
  sum,
  tanh,
  uniform,
} from "@ganglion/tensor";
import type { GradientClaim } from "@ganglion/testing";
import type { Lattice, Rule, RuleOutput } from "../src/index.ts";

export type Linear = { readonly weight: Tensor; readonly bias: Tensor };

export const random = (seed: number | Key, shape: readonly number[]): Tensor =>
  uniform(typeof seed === "number" ? key(seed) : seed, shape, { min: -1, max: 1, dtype: "float64" });

/** One linear map of the perception. */
export const linear = (channels: number, neighbourhood = 3): Rule<Linear> => ({
  init: (seed) => {
    const [first, second] = split(seed) as [Key, Key];
    return { weight: random(first, [neighbourhood * channels, channels]), bias: random(second, [channels]) };
  },
  apply: ({ weight, bias }, perception) => add(matmul(perception, weight), bias),
});

export type Mixture = { readonly router: Tensor; readonly experts: Tensor };

/** Two experts mixed by a softmax, with a loss and facts: the shape of a mixture-of-experts rule. */
export const mixture = (channels: number): Rule<Mixture> & { apply(params: Mixture, x: Tensor): RuleOutput } => ({
  init: (seed) => {
    const [first, second] = split(seed) as [Key, Key];
    return { router: random(first, [3 * channels, 2]), experts: random(second, [2, 3 * channels, channels]) };
  },
  apply: ({ router, experts }, perception) => {
    const scores = matmul(perception, router);
    const gates = softmax(scores, -1);
    const [a, b] = [0, 1].map((expert) => {
      const gate = slice(gates, [null, [expert, expert + 1]]);
      return mul(gate, tanh(matmul(perception, slice(experts, [[expert, expert + 1], null, null]))));
    }) as [Tensor, Tensor];
    const output = sum(add(a, b), 0);
    return { output, losses: { z: mean(square(logSumExp(scores, -1))) }, info: { gates } };
  },
});

/** A rule that only copies the middle cell. */
export const copy = (channels: number): Rule<[]> => ({
  init: () => [],
  apply: (_params, perception) => slice(perception, [null, [channels, 2 * channels]]),
});

/** One step by plain loops over a linear rule and `tanh`, for every cell whose mask is set. */
export function stepByHand(
  { cells, neighbours, neighbourhood }: Lattice,
  { weight, bias }: Linear,
  state: Tensor,
  fired: Uint8Array,
  inputs?: Tensor,
): Float64Array {
  const channels = state.shape[2]!;
  const next = Float64Array.from(state.data);
  for (let row = 0; row < fired.length; row++) {
    if (fired[row] === 0) continue;
    for (let out = 0; out < channels; out++) {
      let total = bias.data[out]!;
      for (let n = 0; n < neighbourhood; n++) {
        const neighbour = neighbours[(row % cells) * neighbourhood + n]!;
        if (neighbour < 0) continue;
        for (let c = 0; c < channels; c++) {
          const place = (row - (row % cells) + neighbour) * channels + c;
          const seen = state.data[place]! + (inputs?.data[place] ?? 0);
          total += seen * weight.data[(n * channels + c) * channels + out]!;
        }
      }
      next[row * channels + out] = Math.tanh(total);
    }
  }
  return next;
}

/** Firing mask from booleans. */
export const mask = (...fired: number[]): Uint8Array => Uint8Array.from(fired);

/** The claim that `grad` differentiates a scalar function of a tree, for `expectGradient`. */
export const treeClaim = <T extends Tree>(loss: (at: T) => Tensor, at: T): GradientClaim => ({
  value: (arrays) => loss(treeOf(at, arrays)).item(),
  gradient: (arrays) => arraysOf(grad(loss)(treeOf(at, arrays))),
  at: arraysOf(at),
});

const arraysOf = (tree: Tree): Float64Array[] => flattenTree(tree).leaves.map(({ data }) => Float64Array.from(data));

function treeOf<T extends Tree>(like: T, arrays: readonly Float64Array[]): T {
  const flat = flattenTree(like);
  return flat.unflatten(flat.leaves.map(({ shape }, leaf) => fromData(arrays[leaf]!, shape)));
}
