import { flattenTree, foldIn, key, valueAndGrad, zeros } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import { gary } from "../src/adder/gary.ts";
import { rippleAddSub } from "../src/adder/rippleAddSub.ts";
import { exactAnswers } from "../src/oracle/exact.ts";
import { digitsOf } from "../src/problems/problems.ts";
import { isReserved } from "../src/problems/reserved.ts";
import { changeRecipe } from "../src/recipes/change.ts";
import { garyRecipe } from "../src/recipes/gary.ts";
import { mine } from "../src/recipes/mine.ts";
import { levelsOf, quantisedRecipe, updatesOf } from "../src/recipes/recipe.ts";
import { rippleRecipe } from "../src/recipes/ripple.ts";
import { rippleAddSubRecipe } from "../src/recipes/rippleAddSub.ts";
import { trainer } from "../src/recipes/trainer.ts";
import type { Trainer, TrainingState } from "../src/recipes/trainer.ts";
import { lossOf } from "../src/recipes/loss.ts";
import { heldOut } from "../src/problems/heldOut.ts";
import { bernoulli } from "@ganglion/nca";
import { measure } from "../src/evaluate/measure.ts";
import { decodeWeights, encodeWeights, fakeQuantized } from "../src/weights/bytes.ts";
import { load } from "../src/weights/registry.ts";

const small = ["batch=16", "pool=64", "unroll=3"];

/** Runs updates `from` to `to`. */
function advance(training: Trainer, state: TrainingState, from: number, to: number): TrainingState {
  let current = state;
  for (let step = from; step < to; step++) {
    current = training.step(current, { step, key: foldIn(key(2), step) }).state;
  }
  return current;
}

describe("changeRecipe", () => {
  test("changes settings by name, in every phase", () => {
    const changed = changeRecipe(rippleRecipe, ["lr=.002", "batch=64", "decay=0", "pool=256", "seed=7"]);
    expect(changed.phases.map(({ learningRate, batch }) => [learningRate, batch])).toEqual([
      [0.002, 64],
      [0.002, 64],
    ]);
    expect([changed.weightDecay, changed.pool.size, changed.pool.maxAge, changed.seed]).toEqual([0, 256, 60, 7]);
  });

  test("shares updates out in proportion", () => {
    expect(updatesOf(rippleRecipe)).toBe(4200);
    expect(changeRecipe(rippleRecipe, ["updates=420"]).phases.map(({ updates }) => updates)).toEqual([300, 120]);
  });

  test.each([
    ["lr", "set: expected name=value, received lr. Write lr=.002?"],
    ["=3", "set: expected name=value, received =3. Write lr=.002?"],
    ["lr=", "set: expected lr to be a number above 0, received "],
    ["lr=fast", "set: expected lr to be a number above 0, received fast"],
    ["batch=1.5", "set: expected batch to be a whole number of at least 1, received 1.5"],
    ["damage=2", "set: expected damage to be a number from 0 to 1, received 2"],
    ["average=1", "set: expected average to be a number from 0, below 1, received 1"],
    [
      "bacth=3",
      "set: expected one of lr, updates, batch, unroll, synchronous, damage, pool, warmup, decay, clip, average, seed, received bacth. Did you mean batch?",
    ],
  ])("refuses %s", (change, message) => {
    expect(() => changeRecipe(garyRecipe, [change])).toThrow(expect.objectContaining({ name: "ConfigError", message }));
  });
});

describe("trainer", () => {
  test("lowers the loss", () => {
    const recipe = { ...garyRecipe, phases: garyRecipe.phases.slice(0, 1) };
    const training = trainer(changeRecipe(recipe, ["updates=30", "batch=32", "warmup=5"]), gary);
    let state = training.init(key(1));
    const losses: number[] = [];
    for (let step = 0; step < 30; step++) {
      const next = training.step(state, { step, key: foldIn(key(2), step) });
      state = next.state;
      losses.push(next.metrics["loss"]!);
      expect(Object.keys(next.metrics)).toEqual(["loss", "exact", "busiest", "idlest", "fireRate"]);
    }
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(losses.slice(-3))).toBeLessThan(mean(losses.slice(0, 3)) - 0.25);
  });

  test("depends on the state, the step and its key alone", () => {
    const training = trainer(changeRecipe(rippleAddSubRecipe, [...small, "updates=8"]), rippleAddSub);
    const whole = advance(training, training.init(key(1)), 0, 6);
    const again = trainer(changeRecipe(rippleAddSubRecipe, [...small, "updates=8"]), rippleAddSub);
    const halves = advance(again, advance(training, training.init(key(1)), 0, 3), 3, 6);
    const bits = (state: TrainingState): unknown => flattenTree(state).leaves.map(({ data }) => data);
    expect(bits(halves)).toEqual(bits(whole));
  });

  test("begins a new phase from the averaged parameters, with a fresh optimiser", () => {
    const recipe = changeRecipe(rippleRecipe, [...small, "updates=7", "warmup=0"]);
    expect(recipe.phases.map(({ updates }) => updates)).toEqual([5, 2]);
    const training = trainer(recipe, gary);
    const reached = advance(training, training.init(key(1)), 0, 5);
    // an average far from the parameters, so that one cannot be taken for the other
    const before = { ...reached, average: { ...reached.average, average: gary.init(key(9)) } };
    const after = advance(training, before, 5, 6);
    const count = (state: TrainingState): number =>
      flattenTree(state.optimiser)
        .leaves.find(({ shape, dtype }) => shape.length === 0 && dtype === "int32")!
        .item();
    expect([count(before), count(after)]).toEqual([5, 1]);
    const distance = (a: TrainingState["params"], b: TrainingState["params"]): number => {
      const other = flattenTree(b).leaves;
      return Math.max(
        ...flattenTree(a).leaves.flatMap(({ data }, leaf) =>
          Array.from(data, (value, index) => Math.abs(value - other[leaf]!.data[index]!)),
        ),
      );
    };
    // one step of at most the learning rate, and its share of decay, away from the average
    expect(distance(after.params, training.weights(before))).toBeLessThan(0.002);
    expect(distance(after.params, before.params)).toBeGreaterThan(0.5);
  });

  test("teaches the answers of exact arithmetic, and nothing that is held out", () => {
    const training = trainer(changeRecipe(rippleAddSubRecipe, [...small, "updates=20"]), rippleAddSub);
    const { problems } = advance(training, training.init(key(4)), 0, 10).pool;
    const digits = digitsOf(problems);
    expect(Array.from(digits.operation.keys()).filter((row) => isReserved(digits, row))).toEqual([]);
    expect(new Set(digits.operation)).toEqual(new Set([0, 1]));
    expect(exactAnswers(problems).shape).toEqual([64, 8]);
  });
});

describe("mine", () => {
  test("puts settled problems that fail into the pool, with a state to begin with", () => {
    const training = trainer(changeRecipe(garyRecipe, small), gary);
    const { pool } = advance(training, training.init(key(1)), 0, 2);
    const mined = mine({ adder: gary, params: gary.init(key(9)) }, pool, key(3));
    // an untrained model fails everywhere: a quarter of the pool is replaced
    expect(mined.found).toBe(16);
    const before = digitsOf(pool.problems);
    const after = digitsOf(mined.pool.problems);
    const changed = Array.from({ length: 64 }, (_, row) => row).filter((row) =>
      [...after.a.subarray(row * 8, row * 8 + 8)].some((digit, cell) => digit !== before.a[row * 8 + cell]),
    );
    expect(changed.length).toBeGreaterThan(12);
    for (const row of changed) {
      expect(mined.pool.states.data.subarray(row * 256, (row + 1) * 256).every((value) => value === 0)).toBe(true);
      expect(mined.pool.ages.data[row]).toBe(0);
      expect(isReserved(after, row)).toBe(false);
    }
  });

  test("happens as often as it is asked for", () => {
    const training = trainer(changeRecipe(garyRecipe, small), gary, { mineEvery: 2 });
    let state = training.init(key(1));
    const found = [0, 1, 2, 3].map((step) => {
      const next = training.step(state, { step, key: foldIn(key(2), step) });
      state = next.state;
      return next.metrics["mined"];
    });
    expect(found).toEqual([undefined, 16, undefined, 16]);
  });
});

describe("a training for integers", () => {
  test("starts from given weights, with a single short phase", async () => {
    const { adder, params } = await load("gary", { precision: "float32" });
    const recipe = quantisedRecipe(garyRecipe, 7);
    expect([levelsOf(garyRecipe), levelsOf(recipe), updatesOf(recipe)]).toEqual([undefined, 7, 200]);
    expect(trainer(recipe, adder, { start: params }).init(key(1)).params).toBe(params);
  });

  test("sees the loss that the codes of a file would have, and the gradient of the weights behind them", async () => {
    const { adder, params } = await load("gary", { precision: "float32" });
    const problems = heldOut(5, 20);
    const drawn = { problems, states: zeros([20, 8, 32]) };
    const at = { steps: 6, rate: 0.5, key: key(3) };
    const bytes = encodeWeights(adder, params, { precision: "int8", levels: 7 });
    const coarse = decodeWeights(adder, bytes);
    expect(fakeQuantized(params, 7)).toEqual(coarse);
    const [quantised, plain] = [{ params, levels: 7 }, { params: coarse }].map(({ params: from, levels }) =>
      valueAndGrad(lossOf, { aux: true })(from, adder, drawn, { ...at, levels }),
    );
    expect(quantised!.value).toEqual(plain!.value);
    expect(quantised!.grads).toEqual(plain!.grads);
  });

  test("gets sums right that four-bit weights lost", async () => {
    const { adder, params } = await load("gary", { precision: "float32" });
    const problems = heldOut(6, 1000);
    const right = (trained: typeof params): number => {
      const codes = decodeWeights(adder, encodeWeights(adder, trained, { precision: "int8", levels: 7 }));
      const model = { adder, params: codes, arithmetic: "int8", levels: 7 } as const;
      const { last } = measure(model, problems, { steps: 24, schedule: bernoulli(0.5), key: key(4) });
      return last.right.reduce((sum, one) => sum + one, 0);
    };
    const recipe = changeRecipe(quantisedRecipe(garyRecipe, 7), ["updates=40", "batch=128"]);
    const training = trainer(recipe, adder, { start: params });
    const [before, after] = [params, training.weights(advance(training, training.init(key(1)), 0, 40))].map(right);
    expect(before).toBeLessThan(995);
    expect(after).toBeGreaterThan(before!);
  });
});
