import { type Tensor, add, concat, key, mul, reshape, slice, sum, tanh, uniform, zeros } from "@ganglion/tensor";
import { expectGradient } from "@ganglion/testing";
import { describe, expect, test } from "vitest";
import { type MoeParams, moe } from "../src/index.ts";
import { randomParams, treeClaim } from "./helpers.ts";

const [batch, cells, channels, steps] = [2, 4, 3, 4];
const layer = moe({ inputs: 3 * channels, outputs: channels, experts: 4, hidden: 5, activation: tanh, z: 0.1 });

/** A synchronous strip of cells that all run the mixture on `[left, self, right]`, written with slices only. */
function settle(params: MoeParams, inputs: Tensor): { state: Tensor; loss: Tensor } {
  const border = zeros([batch, 1, channels], "float64");
  let state = zeros([batch, cells, channels], "float64");
  let loss = zeros([], "float64");
  for (let step = 0; step < steps; step++) {
    const wide = concat([border, add(state, inputs), border], 1);
    const seen = concat(
      [0, 1, 2].map((from) => slice(wide, [null, [from, from + cells], null])),
      2,
    );
    const { output, losses } = layer.apply(params, reshape(seen, [batch * cells, 3 * channels]));
    state = reshape(tanh(output), [batch, cells, channels]);
    loss = add(loss, losses.z);
  }
  return { state, loss };
}

type Point = { readonly params: MoeParams; readonly inputs: Tensor };
const target = uniform(key(9), [batch, cells, channels], { min: -1, max: 1, dtype: "float64" });
const lossOf = ({ params, inputs }: Point): Tensor => {
  const { state, loss } = settle(params, inputs);
  return add(sum(mul(state, target)), loss);
};

describe("moe as the rule of an automaton", () => {
  test("has the gradient of central differences through a roll-out", () => {
    const inputs = uniform(key(2), [batch, cells, channels], { min: -1, max: 1, dtype: "float64" });
    const claim = treeClaim(lossOf, { params: randomParams(layer, 1), inputs });
    expect(() => expectGradient(claim)).not.toThrow();
  });
});
