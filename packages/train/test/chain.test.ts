import { flattenTree, tensor } from "@ganglion/tensor";
import { test as property, fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { adam, chain, clipByGlobalNorm, globalNorm, partition, sgd } from "../src/index.ts";
import { hashTree } from "../src/node.ts";
import { pairs } from "./support/trees.ts";

describe("chain", () => {
  property.prop([pairs()])("is the composition of its parts", ({ params, grads }) => {
    const [first, second] = [clipByGlobalNorm(1), adam()] as const;
    const both = chain(first, second);
    const clipped = first.update(grads, first.init(params), params);
    const moved = second.update(clipped.updates, second.init(params), params);
    const whole = both.update(grads, both.init(params), params);
    expect(hashTree(whole.updates)).toBe(hashTree(moved.updates));
    expect(hashTree(whole.state)).toBe(hashTree([clipped.state, moved.state]));
  });

  property.prop([pairs()])("of nothing passes gradients on", ({ params, grads }) => {
    expect(chain().update(grads, chain().init(params), params).updates).toBe(grads);
  });
});

describe("clipByGlobalNorm", () => {
  property.prop([pairs(), fc.double({ min: 1e-6, max: 1000, noNaN: true })])(
    "never exceeds the norm and keeps the direction",
    ({ grads }, max) => {
      const { updates } = clipByGlobalNorm(max).update(grads, {}, grads);
      expect(globalNorm(updates)).toBeLessThanOrEqual(max);
      const norm = globalNorm(grads);
      if (norm <= max) {
        expect(hashTree(updates)).toBe(hashTree(grads));
        return;
      }
      expect(globalNorm(updates)).toBeGreaterThan(max * (1 - 1e-6) - 1e-40);
      const [before, after] = [flattenTree(grads).leaves, flattenTree(updates).leaves];
      after.forEach((leaf, index) =>
        leaf.data.forEach((value, i) => {
          const wanted = (before[index]!.data[i]! * max) / norm;
          expect(Math.abs(value - wanted)).toBeLessThanOrEqual(Math.abs(wanted) * 1e-6 + 1e-44);
        }),
      );
    },
  );

  test("scales all leaves by one factor", () => {
    const grads = { a: tensor([3, 0]), b: tensor([[4]]) };
    const { updates } = clipByGlobalNorm(1).update(grads, {}, grads);
    expect(updates.a.data[0]).toBeCloseTo(0.6, 6);
    expect(updates.b.data[0]).toBeCloseTo(0.8, 6);
  });

  test("refuses a maximum of 0", () => {
    expect(() => clipByGlobalNorm(0)).toThrow("clipByGlobalNorm: expected max above 0, received 0");
  });
});

describe("globalNorm", () => {
  test("is the length of all leaves together", () => {
    expect(globalNorm({ a: tensor([3, 0]), b: [tensor([[4]])] })).toBe(5);
    expect(globalNorm({})).toBe(0);
  });
});

describe("partition", () => {
  const parts = { fast: sgd({ learningRate: 1 }), slow: sgd({ learningRate: 0.125 }) };

  test("gives each leaf to its optimiser", () => {
    const optimiser = partition(parts, (path) => (path === "layers.0.bias" ? "slow" : "fast"));
    const params = { layers: [{ bias: tensor([1]), weight: tensor([[2]]) }] };
    const { updates } = optimiser.update(params, optimiser.init(params), params);
    expect(updates.layers[0]!.bias.toArray()).toEqual([-0.125]);
    expect(updates.layers[0]!.weight.toArray()).toEqual([[-2]]);
  });

  property.prop([pairs()])("with one label is that optimiser", ({ params, grads }) => {
    const alone = adam();
    const optimiser = partition({ all: adam() }, () => "all");
    const first = optimiser.update(grads, optimiser.init(params), params);
    const { updates } = alone.update(grads, alone.init(params), params);
    expect(hashTree(first.updates)).toBe(hashTree(updates));
  });

  test("names the leaf whose label is not there", () => {
    const optimiser = partition(parts, () => "none" as "fast");
    expect(() => optimiser.init({ w: tensor([1]) })).toThrow('partition: expected fast or slow for "w", received none');
  });
});
