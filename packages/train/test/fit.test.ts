import { add, key, normal, tensor } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { test as property, fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { DivergenceError, fit } from "../src/index.ts";
import type { StepContext, StepResult } from "../src/index.ts";
import { hashTree } from "../src/node.ts";

type Walk = { readonly at: Tensor };

/** A random walk: its end depends on the key of every step. */
const walk = ({ at }: Walk, { key: own }: StepContext): StepResult<Walk> => {
  const next = add(at, normal(own, [3]));
  return { state: { at: next }, metrics: { first: next.data[0]! } };
};
const origin: Walk = { at: tensor([0, 0, 0]) };

describe("fit", () => {
  property.prop([fc.nat(12), fc.nat(12)])("resumed anywhere ends where it would have ended", async (a, b) => {
    const [middle, steps] = [Math.min(a, b), Math.max(a, b)];
    const whole = await fit({ state: origin, step: walk, steps, key: key(5) });
    const first = await fit({ state: origin, step: walk, steps: middle, key: key(5) });
    const second = await fit({ state: first.state, step: walk, steps, key: key(5), start: first.step });
    expect(hashTree(second.state)).toBe(hashTree(whole.state));
    expect([first, second, whole].map(({ step, stopped }) => [step, stopped])).toEqual([
      [middle, "finished"],
      [steps, "finished"],
      [steps, "finished"],
    ]);
  });

  test("tells each step, its metrics and the time, in order", async () => {
    const seen: [number, number][] = [];
    let last = 0;
    await fit({
      state: tensor(0),
      step: async (state, { step }) => ({ state: add(state, 1), metrics: { loss: step } }),
      steps: 3,
      key: key(0),
      onStep: ({ step, state, metrics, seconds }) => {
        seen.push([step, metrics["loss"]!]);
        expect(state.item()).toBe(step);
        expect(seconds).toBeGreaterThanOrEqual(last);
        last = seconds;
      },
    });
    expect(seen).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
  });

  test("keeps a checkpoint every so many steps and when it stops", async () => {
    const saved: [number, number][] = [];
    const config = {
      state: tensor(0),
      step: (state: Tensor) => ({ state: add(state, 1), metrics: {} }),
      steps: 8,
      key: key(0),
      checkpoint: { every: 3, save: (step: number, state: Tensor) => saved.push([step, state.item()]) },
    };
    await fit(config);
    expect(saved.splice(0)).toEqual([
      [3, 3],
      [6, 6],
      [8, 8],
    ]);
    await fit({ ...config, steps: 6 });
    expect(saved.splice(0)).toEqual([
      [3, 3],
      [6, 6],
    ]);
    await fit({ ...config, steps: 8, start: 8 });
    expect(saved).toEqual([]);
  });

  test("stops before the next step when aborted, and keeps what it has", async () => {
    const controller = new AbortController();
    const saved: number[] = [];
    const result = await fit({
      state: origin,
      step: walk,
      steps: 100,
      key: key(1),
      signal: controller.signal,
      onStep: ({ step }) => {
        if (step === 4) controller.abort();
      },
      checkpoint: { every: 50, save: (step) => saved.push(step) },
    });
    const four = await fit({ state: origin, step: walk, steps: 4, key: key(1) });
    expect([result.step, result.stopped, saved]).toEqual([4, "aborted", [4]]);
    expect(hashTree(result.state)).toBe(hashTree(four.state));
  });

  test("gives timers their turn, so that a signal from outside arrives", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    const { stopped } = await fit({
      state: tensor(0),
      step: (state) => ({ state, metrics: {} }),
      steps: Number.MAX_SAFE_INTEGER,
      key: key(0),
      signal: controller.signal,
    });
    expect(stopped).toBe("aborted");
  });

  test("stops when the time is up", async () => {
    const endless = { state: tensor(0), step: (state: Tensor) => ({ state, metrics: {} }), steps: 1e15, key: key(0) };
    const { stopped, step } = await fit({ ...endless, seconds: 0.02 });
    expect(stopped).toBe("time");
    expect(step).toBeGreaterThan(0);
    expect(await fit({ ...endless, seconds: 0 })).toMatchObject({ stopped: "time", step: 0 });
  });

  test("refuses a metric that is not finite", async () => {
    const diverging = fit({
      state: tensor(0),
      step: (state, { step }) => ({ state, metrics: { loss: step < 6 ? 1 : NaN } }),
      steps: 10,
      key: key(0),
    });
    await expect(diverging).rejects.toThrow(
      "fit: expected finite metrics, received loss NaN after step 7. Lower the learning rate or clip the gradients?",
    );
    await expect(diverging).rejects.toMatchObject({ step: 7, metric: "loss", value: NaN });
    await expect(diverging).rejects.toBeInstanceOf(DivergenceError);
  });

  test.each([
    [{ steps: -1 }, "fit: expected a whole number of steps from 0, received -1"],
    [{ start: 0.5 }, "fit: expected a whole number as start, received 0.5"],
    [{ seconds: NaN }, "fit: expected seconds as a number, received NaN"],
    [
      { checkpoint: { every: 0, save: () => undefined } },
      "fit: expected checkpoint.every as a whole number from 1, received 0",
    ],
  ])("%#: refuses settings outside their range", async (wrong, message) => {
    await expect(fit({ state: origin, step: walk, steps: 1, key: key(0), ...wrong })).rejects.toThrow(message);
  });
});
