import { fc, test } from "@fast-check/vitest";
import { concat, key, ones, slice, zeros } from "@ganglion/tensor";
import { describe, expect } from "vitest";
import {
  bernoulli,
  evenOdd,
  nca,
  order,
  residual,
  ring,
  sequential,
  single,
  strip,
  synchronous,
} from "../src/index.ts";
import { copy, linear, mixture, random } from "./helpers.ts";

const schedules = fc.constantFrom(synchronous(), bernoulli(0.5), sequential(), evenOdd(), order([1, 0]), single());
const model = nca({ lattice: strip(5), channels: 2, rule: mixture(2) });
const params = model.init(key(1));
const state = random(2, [4, 5, 2]);
const inputs = random(3, [4, 5, 2]);

describe("rollout", () => {
  test.prop([schedules, fc.nat(6), fc.nat(999)])("is the step repeated under its schedule", (schedule, steps, seed) => {
    const rolled = model.rollout(params, state, { steps, key: key(seed), inputs, schedule, keep: true });
    let current = state;
    let count = 0;
    for (let step = 0; step < steps; step++) {
      const fired = schedule.fired({ step, batch: 4, cells: 5, key: key(seed) });
      current = model.step(params, current, { inputs, fired }).state;
      count += fired.reduce((sum, one) => sum + one, 0);
      expect(rolled.states[step]!.toArray()).toEqual(current.toArray());
    }
    expect(rolled.states).toHaveLength(steps);
    expect(rolled.state.toArray()).toEqual(current.toArray());
    expect(rolled.fired).toBe(count);
  });

  test.prop([schedules, fc.nat(5), fc.nat(5)])("goes on from where another ended", (schedule, before, after) => {
    const options = { key: key(4), inputs, schedule };
    const whole = model.rollout(params, state, { ...options, steps: before + after });
    const half = model.rollout(params, state, { ...options, steps: before });
    const rest = model.rollout(params, half.state, { ...options, steps: after, start: before });
    expect(rest.state.toArray()).toEqual(whole.state.toArray());
  });

  test.prop([schedules, fc.integer({ min: 1, max: 3 })])(
    "does not depend on how the batch is split",
    (schedule, cut) => {
      const options = { steps: 4, key: key(5), schedule };
      const whole = model.rollout(params, state, { ...options, inputs });
      const parts = [
        [0, cut],
        [cut, 4],
      ].map((range) => {
        const rows: [number, number] = [range[0]!, range[1]!];
        return model.rollout(params, slice(state, [rows]), {
          ...options,
          inputs: slice(inputs, [rows]),
          first: rows[0],
        });
      });
      expect(concat(parts.map((part) => part.state)).toArray()).toEqual(whole.state.toArray());
      expect(parts.reduce((sum, part) => sum + part.fired, 0)).toBe(whole.fired);
    },
  );

  test("changes nothing at fireRate 0 or without steps", () => {
    const still = nca({ lattice: strip(5), channels: 2, rule: linear(2), fireRate: 0 });
    const kept = still.rollout(still.init(key(0)), state, { steps: 9, key: key(1) });
    expect(kept).toEqual({ state, losses: {}, fired: 0 });
    expect(model.rollout(params, state, { steps: 0, key: key(1) })).toEqual({ state, losses: {}, fired: 0 });
  });

  test("fires with probability 0.5 by default, with fireRate when given, and under another schedule when asked", () => {
    const parts = { lattice: ring(50), channels: 1, rule: copy(1) };
    const run = (one: ReturnType<typeof nca<[]>>, schedule = one.schedule): number =>
      one.rollout([], zeros([40, 50, 1]), { steps: 1, key: key(2), schedule }).fired / 2000;
    expect(Math.abs(run(nca(parts)) - 0.5)).toBeLessThan(0.06);
    expect(Math.abs(run(nca({ ...parts, fireRate: 0.2 })) - 0.2)).toBeLessThan(0.06);
    expect(run(nca({ ...parts, schedule: synchronous() }))).toBe(1);
    expect(run(nca(parts), sequential())).toBe(1 / 50);
  });

  test("clamps its inputs: they are perceived at every step", () => {
    const adder = nca({ lattice: strip(1), channels: 1, rule: copy(1), update: residual(), schedule: synchronous() });
    const start = zeros([1, 1, 1]);
    // h <- h + (h + 1)
    const { state: end } = adder.rollout([], start, { steps: 3, key: key(0), inputs: ones([1, 1, 1]) });
    expect(end.item()).toBe(7);
  });

  test("averages the rule's losses over the steps in which cells fired", () => {
    const schedule = {
      name: "second only",
      fired: ({ step }: { step: number }) => new Uint8Array(20).fill(step === 1 ? 1 : 0),
    };
    const one = model.step(params, state, { fired: new Uint8Array(20).fill(1) }).losses["z"]!.item();
    const idle = model.rollout(params, state, { steps: 3, key: key(0), schedule });
    expect(idle.losses["z"]!.item()).toBe(one);
    const steps = model.rollout(params, state, { steps: 3, key: key(0), schedule: synchronous(), keep: true });
    const each = [state, ...steps.states]
      .slice(0, 3)
      .map((at) => model.step(params, at, { fired: new Uint8Array(20).fill(1) }).losses["z"]!.item());
    expect(steps.losses["z"]!.item()).toBeCloseTo(each.reduce((sum, loss) => sum + loss) / 3, 12);
  });
});

describe("nca's errors", () => {
  const parts = { lattice: strip(5), channels: 2, rule: linear(2) };
  test.each<[string, () => unknown, string, string]>([
    [
      "channels",
      () => nca({ ...parts, channels: 0 }),
      "ConfigError",
      "nca: expected channels to be a whole number of at least 1, received 0. Give channels as a count?",
    ],
    [
      "fireRate",
      () => nca({ ...parts, fireRate: 2 }),
      "ConfigError",
      "nca: expected fireRate between 0 and 1, received 2. Give a probability, such as 0.5?",
    ],
    [
      "schedule",
      () => nca({ ...parts, fireRate: 0.5, schedule: evenOdd() }),
      "ConfigError",
      "nca: expected either schedule or fireRate, received evenOdd and 0.5. Leave fireRate out?",
    ],
    [
      "steps",
      () => model.rollout(params, state, { steps: -1, key: key(0) }),
      "ConfigError",
      "rollout: expected steps to be a whole number of at least 0, received -1. Give steps as a count?",
    ],
    [
      "state",
      () => model.rollout(params, zeros([5, 2]), { steps: 1, key: key(0) }),
      "ShapeError",
      "rollout: expected a state [batch, 5, 2], received [5, 2]. Start from zeros of that shape?",
    ],
  ])("name the repair for wrong %s", (_what, call, name, message) => {
    expect(call).toThrow(expect.objectContaining({ name, message }));
  });
});
