import { full, key } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import { damage } from "../src/index.ts";

describe("damage", () => {
  const states = full([50, 20, 4], 7, "float64");

  test("replaces all channels of a share of the cells by noise", () => {
    const { data, shape, dtype } = damage({ share: 0.3, deviation: 2 })(key(1), states);
    expect([shape, dtype]).toEqual([states.shape, "float64"]);
    const noise: number[] = [];
    for (let cell = 0; cell < 1000; cell++) {
      const channels = [...data.subarray(cell * 4, cell * 4 + 4)];
      const hit = channels.filter((value) => value !== 7).length;
      expect([0, 4]).toContain(hit);
      if (hit > 0) noise.push(...channels);
    }
    // 1,000 cells: standard deviation of the share 0.0145; of the noise's own deviation about 0.04
    expect(Math.abs(noise.length / 4000 - 0.3)).toBeLessThan(0.07);
    const deviation = Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0) / noise.length);
    expect(Math.abs(deviation - 2)).toBeLessThan(0.2);
  });

  test("depends on its key alone", () => {
    expect(damage()(key(1), states).toArray()).toEqual(damage()(key(1), states).toArray());
    expect(damage()(key(1), states).toArray()).not.toEqual(damage()(key(2), states).toArray());
    expect(damage({ share: 0 })(key(1), states).toArray()).toEqual(states.toArray());
  });

  test("refuses a share outside [0, 1]", () => {
    const message = "damage: expected share between 0 and 1, received 1.1. Give a probability, such as 0.5?";
    expect(() => damage({ share: 1.1 })).toThrow(expect.objectContaining({ name: "ConfigError", message }));
  });
});
