import { type Tensor, add, grad, key, mul, stack, sum } from "@ganglion/tensor";
import { expectGradient } from "@ganglion/testing";
import { describe, expect, test } from "vitest";
import { type Nca, bernoulli, evenOdd, nca, order, residual, ring, strip, synchronous } from "../src/index.ts";
import { type Mixture, mixture, random, treeClaim } from "./helpers.ts";

const shape = [2, 4, 2];
const target = random(9, [5, ...shape]);
type Point = { readonly params: Mixture; readonly state: Tensor; readonly inputs: Tensor };

/** A scalar of all states of a roll-out, and of its losses. */
const lossOf =
  (model: Nca<Mixture>) =>
  ({ params, state, inputs }: Point): Tensor => {
    const { states, losses } = model.rollout(params, state, { steps: 5, key: key(7), inputs, keep: true });
    return add(sum(mul(stack(states), target)), losses["z"]!);
  };

const pointOf = (model: Nca<Mixture>): Point => ({
  params: model.init(key(1)),
  state: random(2, shape),
  inputs: random(3, shape),
});

describe("a roll-out's gradient", () => {
  test.each([
    [
      "strip, bernoulli, overwrite",
      nca({ lattice: strip(4), channels: 2, rule: mixture(2), schedule: bernoulli(0.5) }),
    ],
    ["ring, synchronous, overwrite", nca({ lattice: ring(4), channels: 2, rule: mixture(2), schedule: synchronous() })],
    [
      "strip, even-odd, residual",
      nca({ lattice: strip(4), channels: 2, rule: mixture(2), update: residual({ scale: 0.3 }), schedule: evenOdd() }),
    ],
    [
      "ring, one order, residual",
      nca({ lattice: ring(4), channels: 2, rule: mixture(2), update: residual(), schedule: order([3, 1]) }),
    ],
  ])("agrees with central differences for params, state and inputs: %s", (_name, model) => {
    const claim = treeClaim(lossOf(model), pointOf(model));
    expect(() => expectGradient(claim)).not.toThrow();
  });

  test("passes straight through cells that never fire", () => {
    const model = nca({ lattice: strip(4), channels: 2, rule: mixture(2), fireRate: 0 });
    const loss = (state: Tensor): Tensor =>
      sum(model.rollout(model.init(key(1)), state, { steps: 3, key: key(0) }).state);
    expect(new Set(grad(loss)(random(2, shape)).data)).toEqual(new Set([1]));
  });
});
