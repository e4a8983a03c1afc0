import { test as property, fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { constant, cosine, linear } from "../src/index.ts";

const counts = fc.integer({ min: 1, max: 5000 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe("constant", () => {
  test("is the same at every step", () => {
    expect([0, 1, 1e6].map(constant(0.25))).toEqual([0.25, 0.25, 0.25]);
  });
});

describe("linear", () => {
  test("goes straight from one value to another and stays", () => {
    expect([0, 1, 2, 4, 5].map(linear({ from: 1, to: 3, steps: 4 }))).toEqual([1, 1.5, 2, 3, 3]);
  });

  property.prop([share, share, counts, fc.nat(6000)])("moves by (to - from) / steps at most", (from, to, steps, at) => {
    const schedule = linear({ from, to, steps });
    expect(Math.abs(schedule(at + 1) - schedule(at))).toBeLessThanOrEqual(Math.abs(to - from) / steps + 1e-15);
  });

  test("needs a length", () => {
    expect(() => linear({ from: 0, to: 1, steps: 0 })).toThrow("linear: expected steps above 0, received 0");
  });
});

describe("cosine", () => {
  test("warms up, turns at its peak and ends at its floor", () => {
    const schedule = cosine({ peak: 1, steps: 104, warmup: 4, floor: 0.5 });
    expect([0, 1, 2, 4].map(schedule)).toEqual([0, 0.25, 0.5, 1]);
    expect(schedule(54)).toBeCloseTo(0.75, 15);
    expect([104, 105, 1e9].map(schedule)).toEqual([0.5, 0.5, 0.5]);
  });

  property.prop([share, share, counts, fc.nat(2000), fc.nat(8000)])(
    "is continuous, within its range, rising and then falling",
    (peak, part, length, warmup, at) => {
      const floor = peak * part;
      const schedule = cosine({ peak, steps: warmup + length, warmup, floor });
      const [now, next] = [schedule(at), schedule(at + 1)];
      const steepest = Math.max(warmup === 0 ? 0 : peak / warmup, ((peak - floor) * Math.PI) / 2 / length);
      expect(Math.abs(next - now)).toBeLessThanOrEqual(steepest * (1 + 1e-9) + 1e-15);
      expect(now).toBeLessThanOrEqual(peak);
      if (at >= warmup) expect(now).toBeGreaterThanOrEqual(floor);
      if (at < warmup) expect(next).toBeGreaterThanOrEqual(now);
      else expect(next).toBeLessThanOrEqual(now + 1e-15);
    },
  );

  test.each([
    [{ peak: 1, steps: 10, warmup: 10 }, "cosine: expected steps above warmup, which is 10, received 10"],
    [{ peak: 0.003, steps: 10, floor: 0.02 }, "cosine: expected floor from 0 to peak, which is 0.003, received 0.02"],
    [{ peak: -1, steps: 10 }, "cosine: expected peak from 0, received -1"],
    [{ peak: 1, steps: 10, warmup: -1 }, "cosine: expected warmup from 0, received -1"],
  ])("refuses %j", (config, message) => {
    expect(() => cosine(config)).toThrow(message);
  });
});
