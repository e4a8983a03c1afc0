import { fc, test } from "@fast-check/vitest";
import { type Tensor, add, fromData, grad, mul, sum, tanh } from "@ganglion/tensor";
import { expectGradient } from "@ganglion/testing";
import { describe, expect } from "vitest";
import { type Moe, type MoeConfig, type MoeOutput, type MoeParams, moe } from "../src/index.ts";
import { bothDispatches, difference, randomParams, randomRows, treeClaim } from "./helpers.ts";

const sizes = { inputs: 3, outputs: 2, hidden: 4, experts: 5 };
type Both = { readonly params: MoeParams; readonly x: Tensor };

/** A scalar that every output and both losses reach with different weights. */
function score({ output, losses }: MoeOutput): Tensor {
  const weights = fromData(
    Float64Array.from(output.data, (_, i) => Math.cos(i)),
    output.shape,
  );
  return add(sum(mul(output, weights)), add(losses.balance, losses.z));
}

const lossOf =
  (layer: Moe) =>
  ({ params, x }: Both): Tensor =>
    score(layer.apply(params, x));

describe("moe's gradient", () => {
  test.each([1, 2, 3, 5])("agrees with central differences for topK %i", (topK) => {
    // tanh: a kink of relu within the step would be a difference of the function, not of the gradient
    const layer = moe({ ...sizes, topK, activation: tanh, z: 0.3 });
    const at: Both = { params: randomParams(layer, topK), x: randomRows(topK + 50, 6, sizes.inputs) };
    expect(() => expectGradient(treeClaim(lossOf(layer), at))).not.toThrow();
  });

  test.prop([fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 7 }), fc.nat(9999)])(
    "is the same under sparse and dense dispatch",
    (topK, rows, seed) => {
      const config: MoeConfig = { ...sizes, topK, balance: 0.1, z: 0.01 };
      const { sparse, dense } = bothDispatches(config);
      const at: Both = { params: randomParams(sparse, seed), x: randomRows(seed + 1, rows, sizes.inputs) };
      expect(difference(grad(lossOf(sparse))(at), grad(lossOf(dense))(at))).toBeLessThanOrEqual(1e-11);
    },
  );

  test("is zero for experts that no row has chosen", () => {
    const layer = moe({ ...sizes, topK: 1 });
    const at: Both = { params: randomParams(layer, 8), x: randomRows(9, 1, sizes.inputs) };
    const [chosen] = layer.apply(at.params, at.x).info.experts.data;
    const { w1 } = grad(lossOf(layer))(at).params.experts;
    const part = w1.size / sizes.experts;
    for (let expert = 0; expert < sizes.experts; expert++) {
      const moved = w1.data.subarray(expert * part, (expert + 1) * part).some((g) => g !== 0);
      expect(moved).toBe(expert === chosen);
    }
  });
});
