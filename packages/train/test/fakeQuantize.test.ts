import { fc, test } from "@fast-check/vitest";
import { dequantize, quantize } from "@ganglion/int8";
import { fromData, grad, mul, sum, tensor, valueAndGrad } from "@ganglion/tensor";
import { describe, expect } from "vitest";
import { adam, applyUpdates, fakeQuantize } from "../src/index.ts";

const floats = (size: number) =>
  fc.float32Array({ minLength: size, maxLength: size, min: -100, max: 100, noNaN: true, noDefaultInfinity: true });
const matrices = fc
  .record({ rows: fc.integer({ min: 1, max: 6 }), columns: fc.integer({ min: 1, max: 6 }) })
  .chain(({ rows, columns }) =>
    fc.record({
      shape: fc.constant([rows, columns]),
      values: floats(rows * columns),
      cotangent: floats(rows * columns),
      axis: fc.constantFrom<readonly number[]>([], [0], [1], [-1], [0, 1]),
      levels: fc.integer({ min: 1, max: 127 }),
    }),
  );

describe("fakeQuantize", () => {
  test.prop([matrices])("gives what the codec gives", ({ shape, values, axis, levels }) => {
    const expected = dequantize(quantize(values, shape, { axis, levels }));
    expect(fakeQuantize(fromData(values, shape), { axis, levels })).toEqual(fromData(expected, shape));
    expect(fakeQuantize(fromData(expected, shape), { axis, levels }).data).toEqual(expected);
  });

  test.prop([matrices])("lets the gradient pass straight through", ({ shape, values, cotangent, axis, levels }) => {
    const weights = fromData(cotangent, shape);
    const loss = (x: ReturnType<typeof fromData>) => sum(mul(fakeQuantize(x, { axis, levels }), weights));
    expect(grad(loss)(fromData(values, shape)).data).toEqual(cotangent);
  });

  test.prop([matrices, fc.float({ min: 1, max: 50, noNaN: true })])(
    "cuts off what is out of range, and its gradient",
    ({ shape, values, cotangent, levels }, range) => {
      const weights = fromData(cotangent, shape);
      const loss = (x: ReturnType<typeof fromData>) => sum(mul(fakeQuantize(x, { levels, range }), weights));
      const { data } = fakeQuantize(fromData(values, shape), { levels, range });
      const gradient = grad(loss)(fromData(values, shape)).data;
      for (const [i, value] of values.entries()) {
        const inside = Math.abs(value) <= range;
        expect(Math.abs(data[i]! - Math.min(Math.max(value, -range), range))).toBeLessThanOrEqual(
          (range / levels) * (0.5 + 2 ** -16),
        );
        expect(gradient[i]! + 0).toBe(inside ? cotangent[i]! + 0 : 0);
      }
    },
  );

  test("trains weights to what their codes can say", () => {
    // the sum of what three coarse codes stand for shall vanish
    const start = tensor([0.9, -0.2, 0.55]);
    const optimiser = adam({ learningRate: 0.05 });
    const coarse = { levels: 2 };
    const lossOf = (x: typeof start) => {
      const off = sum(fakeQuantize(x, coarse));
      return mul(off, off);
    };
    let params = start;
    let state = optimiser.init(params);
    const before = lossOf(params).item();
    for (let step = 0; step < 60; step++) {
      const { grads } = valueAndGrad(lossOf)(params);
      const change = optimiser.update(grads, state, params);
      params = applyUpdates(params, change.updates);
      state = change.state;
    }
    expect(before).toBeGreaterThan(0.5);
    expect(lossOf(params).item()).toBeLessThan(0.2);
  });

  test("refuses settings that make no sense", () => {
    const x = tensor([1]);
    expect(() => fakeQuantize(x, { levels: 128 })).toThrow(
      "fakeQuantize: expected levels to be a whole number from 1 to 127, received 128",
    );
    expect(() => fakeQuantize(x, { range: 0 })).toThrow("fakeQuantize: expected range above 0, received 0");
    expect(() => fakeQuantize(tensor([Number.NaN]))).toThrow("quantize: expected finite values");
  });
});
