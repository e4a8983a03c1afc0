import { exp as exponential, exp32, log as logarithm, log32 } from "@ganglion/kernels";
import { allocate } from "../dtype.ts";
import { around, normaliseAxis } from "../shape.ts";
import { apply, untracked } from "../tape.ts";
import type { Primitive } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { mul, sub } from "./arithmetic.ts";
import { exp } from "./elementwise.ts";
import { squeeze } from "./layout.ts";
import { sum } from "./reduce.ts";
import { requireFloat } from "./require.ts";

/** Walks the lines along an axis with the largest element and the sum of exponentials of each. */
function forEachLine(
  x: Tensor,
  axis: number,
  visit: (start: number, step: number, largest: number, total: number, line: number) => void,
): void {
  const { outer, length, inner } = around(x.shape, axis);
  const e = x.dtype === "float32" ? exp32 : exponential;
  const { data } = x;
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
}

const normalisation: Primitive<number> = {
  name: "softmax",
  forward([x], axis) {
    const out = allocate(x!.dtype, x!.size);
    const { data } = x!;
    const length = x!.shape[axis]!;
    const e = x!.dtype === "float32" ? exp32 : exponential;
    forEachLine(x!, axis, (start, step, largest, total) => {
      for (let i = 0; i < length; i++) out[start + i * step] = e(data[start + i * step]! - largest) / total;
    });
    return untracked(x!.shape, x!.dtype, out);
  },
  pullback(_, g, _inputs, y, axis) {
    const weighted = mul(g, y);
    return sub(weighted, mul(y, sum(weighted, axis, true)));
  },
};

const logNormalisation: Primitive<number> = {
  name: "logSoftmax",
  forward([x], axis) {
    const out = allocate(x!.dtype, x!.size);
    const { data } = x!;
    const length = x!.shape[axis]!;
    const l = x!.dtype === "float32" ? log32 : logarithm;
    forEachLine(x!, axis, (start, step, largest, total) => {
      const shift = l(total);
      for (let i = 0; i < length; i++) out[start + i * step] = data[start + i * step]! - largest - shift;
    });
    return untracked(x!.shape, x!.dtype, out);
  },
  pullback: (_, g, _inputs, y, axis) => sub(g, mul(exp(y), sum(g, axis, true))),
};

const logSum: Primitive<number> = {
  name: "logSumExp",
  forward([x], axis) {
    const shape = x!.shape.with(axis, 1);
    const out = allocate(x!.dtype, x!.size / Math.max(1, x!.shape[axis]!));
    const l = x!.dtype === "float32" ? log32 : logarithm;
    forEachLine(x!, axis, (_start, _step, largest, total, line) => (out[line] = largest + l(total)));
    return untracked(shape, x!.dtype, out);
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
