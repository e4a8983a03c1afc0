import { exp as exponential, exp32, log as logarithm, log32 } from "@ganglion/kernels";
import type { Data, DType } from "../dtype.ts";
import { around, normaliseAxis } from "../shape.ts";
import { apply } from "../tape.ts";
import type { Kernel, Primitive, Spec } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { mul, sub } from "./arithmetic.ts";
import { exp } from "./elementwise.ts";
import { squeeze } from "./layout.ts";
import { sum } from "./reduce.ts";
import { requireFloat } from "./require.ts";

type Visit = (start: number, step: number, shift: number, total: number, line: number) => void;

/** A loop over the lines along an axis: each with the place of its elements, its largest one and the sum of `e^(x - shift)`. */
function lines({ shape, dtype }: Spec, axis: number): (data: Data, visit: Visit) => void {
  const { outer, length, inner } = around(shape, axis);
  const e = expOf(dtype);
  return (data, visit) => {
    for (let row = 0; row < outer; row++) {
      for (let column = 0; column < inner; column++) {
        const start = row * length * inner + column;
        let largest = -Infinity;
        for (let i = 0; i < length; i++) largest = Math.max(largest, data[start + i * inner]!);
        const shift = Number.isFinite(largest) ? largest : 0;
        let total = 0;
        for (let i = 0; i < length; i++) total += e(data[start + i * inner]! - shift);
        visit(start, inner, shift, total, row * inner + column);
      }
    }
  };
}

const expOf = (dtype: DType): ((x: number) => number) => (dtype === "float32" ? exp32 : exponential);
const logOf = (dtype: DType): ((x: number) => number) => (dtype === "float32" ? log32 : logarithm);

const normalisation: Primitive<number> = {
  name: "softmax",
  bind([x], axis) {
    const length = x!.shape[axis]!;
    const forEachLine = lines(x!, axis);
    const e = expOf(x!.dtype);
    const run: Kernel["run"] = ([data], out) =>
      forEachLine(data!, (start, step, shift, total) => {
        for (let i = 0; i < length; i++) out[start + i * step] = e(data![start + i * step]! - shift) / total;
      });
    return { shape: x!.shape, dtype: x!.dtype, run };
  },
  pullback(_, g, _inputs, y, axis) {
    const weighted = mul(g, y);
    return sub(weighted, mul(y, sum(weighted, axis, true)));
  },
};

const logNormalisation: Primitive<number> = {
  name: "logSoftmax",
  bind([x], axis) {
    const length = x!.shape[axis]!;
    const forEachLine = lines(x!, axis);
    const l = logOf(x!.dtype);
    const run: Kernel["run"] = ([data], out) =>
      forEachLine(data!, (start, step, shift, total) => {
        const logTotal = l(total);
        for (let i = 0; i < length; i++) out[start + i * step] = data![start + i * step]! - shift - logTotal;
      });
    return { shape: x!.shape, dtype: x!.dtype, run };
  },
  pullback: (_, g, _inputs, y, axis) => sub(g, mul(exp(y), sum(g, axis, true))),
};

const logSum: Primitive<number> = {
  name: "logSumExp",
  bind([x], axis) {
    const forEachLine = lines(x!, axis);
    const l = logOf(x!.dtype);
    const run: Kernel["run"] = ([data], out) =>
      forEachLine(data!, (_start, _step, shift, total, line) => (out[line] = shift + l(total)));
    return { shape: x!.shape.with(axis, 1), dtype: x!.dtype, run };
  },
  pullback: (_, g, [x], _output, axis) => mul(g, softmax(x!, axis)),
};

/** `e^x` divided by its sum along an axis, computed from differences to the largest element so that it never overflows. */
export function softmax(x: Tensor, axis = -1): Tensor {
  requireFloat("softmax", x);
  return apply(normalisation, [x], normaliseAxis("softmax", axis, x.shape.length));
}

/** Logarithm of the softmax along an axis, without computing the softmax. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  requireFloat("logSoftmax", x);
  return apply(logNormalisation, [x], normaliseAxis("logSoftmax", axis, x.shape.length));
}

/** `log(sum(e^x))` along an axis, which is removed unless it is kept. */
export function logSumExp(x: Tensor, axis = -1, keepAxis = false): Tensor {
  requireFloat("logSumExp", x);
  const place = normaliseAxis("logSumExp", axis, x.shape.length);
  const result = apply(logSum, [x], place);
  return keepAxis ? result : squeeze(result, place);
}
