import { relu, tensor } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import { overwrite, residual } from "../src/index.ts";

const [current, output] = [tensor([[5, -6]], "float64"), tensor([[0.5, -2]], "float64")];

describe("overwrite", () => {
  test("forgets the channels and takes the activated output", () => {
    const [a, b] = overwrite().apply(current, output).data;
    expect(a).toBeCloseTo(Math.tanh(0.5), 14);
    expect(b).toBeCloseTo(Math.tanh(-2), 14);
    expect(overwrite({ activation: relu }).apply(current, output).toArray()).toEqual([[0.5, 0]]);
  });
});

describe("residual", () => {
  test("adds the scaled output to the channels", () => {
    expect(residual().apply(current, output).toArray()).toEqual([[5.5, -8]]);
    expect(residual({ scale: 0.5 }).apply(current, output).toArray()).toEqual([[5.25, -7]]);
  });

  test("refuses a scale that is not finite", () => {
    const message = "residual: expected a finite scale, received NaN. Use a number such as 1 or 0.1?";
    expect(() => residual({ scale: NaN })).toThrow(expect.objectContaining({ name: "ConfigError", message }));
  });
});
