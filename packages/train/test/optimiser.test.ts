import { flattenTree, fromData, mapTree, tensor } from "@ganglion/tensor";
import { test as property, fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { adam, adamW, applyUpdates, muon, sgd } from "../src/index.ts";
import type { Optimiser, Schedule } from "../src/index.ts";
import { hashTree } from "../src/node.ts";
import { pairs } from "./support/trees.ts";

const optimisers: readonly (readonly [string, (learningRate: number | Schedule) => Optimiser])[] = [
  ["sgd", (learningRate) => sgd({ learningRate, momentum: 0.9 })],
  ["adam", (learningRate) => adam({ learningRate })],
  ["adamW", (learningRate) => adamW({ learningRate })],
];

describe.each(optimisers)("%s", (_, make) => {
  const optimiser = make(0.1);

  property.prop([pairs()])("is a pure function: same arguments, same bits, nothing changed", ({ params, grads }) => {
    const before = hashTree([params, grads]);
    const state = optimiser.init(params);
    const first = optimiser.update(grads, state, params);
    const second = optimiser.update(grads, state, params);
    expect(hashTree([first.updates, first.state])).toBe(hashTree([second.updates, second.state]));
    expect(hashTree([params, grads])).toBe(before);
    expect(hashTree(state)).toBe(hashTree(optimiser.init(params)));
  });

  property.prop([pairs()])("gives updates in the structure of the parameters", ({ params, grads }) => {
    const { updates } = optimiser.update(grads, optimiser.init(params), params);
    expect(flattenTree(updates).paths).toEqual(flattenTree(params).paths);
    expect(flattenTree(updates).leaves.map(({ shape }) => shape)).toEqual(
      flattenTree(params).leaves.map(({ shape }) => shape),
    );
  });

  test("asks a schedule for step 1 first", () => {
    const asked: number[] = [];
    const scheduled = make((step) => {
      asked.push(step);
      return 0;
    });
    const params = { w: tensor([1, 2]) };
    const { state } = scheduled.update(params, scheduled.init(params), params);
    scheduled.update(params, state, params);
    expect(asked).toEqual([1, 2]);
  });
});

describe("adam", () => {
  property.prop([pairs(), fc.double({ min: 1e-5, max: 1, noNaN: true })])(
    "moves by learningRate against the gradient's sign in its first update",
    ({ params, grads }, learningRate) => {
      const optimiser = adam({ learningRate });
      const large = mapTree(
        (g) =>
          fromData(
            g.data.map((v) => (Math.abs(v) < 1e-3 ? 0 : v)),
            g.shape,
          ),
        grads,
      );
      const { updates } = optimiser.update(large, optimiser.init(params), params);
      mapTree(
        (update, g) => {
          update.data.forEach((value, i) => {
            expect(Math.abs(value + learningRate * Math.sign(g.data[i]!))).toBeLessThanOrEqual(learningRate * 2e-5);
          });
          return update;
        },
        updates,
        large,
      );
    },
  );

  test("stays at rest for zero gradients", () => {
    const params = { w: tensor([1, -2]) };
    const { updates } = adam().update({ w: tensor([0, 0]) }, adam().init(params), params);
    expect(updates.w.data.map(Math.abs)).toEqual(Float32Array.of(0, 0));
  });
});

describe("adamW", () => {
  test("shrinks parameters by learningRate * weightDecay when gradients are zero", () => {
    const optimiser = adamW({ learningRate: 0.5, weightDecay: 0.25 });
    const params = { w: tensor([8, -16]) };
    const { updates } = optimiser.update({ w: tensor([0, 0]) }, optimiser.init(params), params);
    expect(updates.w.toArray()).toEqual([-1, 2]);
  });

  property.prop([pairs()])("without decay is adam, bit for bit", ({ params, grads }) => {
    const plain = adam().update(grads, adam().init(params), params);
    const decoupled = adamW({ weightDecay: 0 }).update(grads, adamW().init(params), params);
    expect(hashTree([decoupled.updates, decoupled.state])).toBe(hashTree([plain.updates, plain.state]));
  });
});

describe("sgd", () => {
  test("steps against the gradient, and further with momentum", () => {
    const optimiser = sgd({ learningRate: 0.5, momentum: 0.5 });
    const params = { w: tensor([0]) };
    const grads = { w: tensor([1]) };
    const first = optimiser.update(grads, optimiser.init(params), params);
    const second = optimiser.update(grads, first.state, params);
    expect([first.updates.w.toArray(), second.updates.w.toArray()]).toEqual([[-0.5], [-0.75]]);
  });
});

describe("applyUpdates", () => {
  test("adds in single precision", () => {
    const { w } = applyUpdates({ w: tensor([1, 2 ** 24]) }, { w: tensor([0.5, 1]) });
    expect(w.toArray()).toEqual([1.5, 2 ** 24]);
  });

  test("names the leaf whose shape differs", () => {
    expect(() => applyUpdates({ a: tensor([1]), w: tensor([1, 2]) }, { a: tensor([1]), w: tensor([1]) })).toThrow(
      'applyUpdates: expected updates of float32 [2] at "w", received float32 [1]',
    );
  });

  test("names the leaf that is missing", () => {
    const params: Record<string, ReturnType<typeof tensor>> = { a: tensor([1]), w: tensor([1]) };
    expect(() => applyUpdates(params, { a: tensor([1]) })).toThrow(
      'applyUpdates: expected updates in the structure of the other trees, received no leaf at "w"',
    );
    expect(() => applyUpdates(params, { ...params, z: tensor([1]) })).toThrow(
      'applyUpdates: expected updates in the structure of the other trees, received one more leaf at "z"',
    );
  });

  test("refuses whole numbers and mixed precision", () => {
    const whole = { w: tensor([1], "int32") };
    expect(() => applyUpdates(whole, whole)).toThrow(
      'applyUpdates: expected float32 or float64 params at "w", received int32',
    );
    expect(() => applyUpdates({ w: tensor([1]) }, { w: tensor([1], "float64") })).toThrow(
      'applyUpdates: expected updates of float32 [1] at "w", received float64 [1]',
    );
  });
});

describe("settings", () => {
  test.each([
    [() => sgd({ learningRate: -1 }), "sgd: expected learningRate from 0, received -1"],
    [() => sgd({ momentum: 1 }), "sgd: expected momentum in [0, 1), received 1"],
    [() => adam({ learningRate: NaN }), "adam: expected learningRate from 0, received NaN"],
    [() => adam({ beta1: -0.1 }), "adam: expected beta1 in [0, 1), received -0.1"],
    [() => adam({ beta2: 1 }), "adam: expected beta2 in [0, 1), received 1"],
    [() => adam({ epsilon: 0 }), "adam: expected epsilon above 0, received 0"],
    [() => adamW({ weightDecay: -1 }), "adamW: expected weightDecay from 0, received -1"],
    [() => muon({ iterations: 0 }), "muon: expected a whole number of iterations from 1, received 0"],
  ])("%#: are refused outside their range", (make, message) => {
    expect(make).toThrow(message);
  });
});
