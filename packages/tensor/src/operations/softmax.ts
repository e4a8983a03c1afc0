import { logSoftmaxRows, logSumExpRows, softmaxRows } from "@ganglion/kernels";
import { normaliseAxis, sizeOf } from "../shape.ts";
import { apply } from "../tape.ts";
import type { Primitive } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { mul, sub } from "./arithmetic.ts";
import { exp } from "./elementwise.ts";
import { squeeze, transpose } from "./layout.ts";
import { sum } from "./reduce.ts";
import { requireFloat } from "./require.ts";

type RowsKernel = (x: Float32Array, out: Float32Array, rows: number, length: number) => void;

/** A primitive that works on the last axis. */
function ofRows(
  name: string,
  kernel: RowsKernel,
  reduces: boolean,
  pullback: Primitive<void>["pullback"],
): Primitive<void> {
  return {
    name,
    bind([x]) {
      const length = x!.shape.at(-1)!;
      const rows = sizeOf(x!.shape.slice(0, -1));
      return {
        shape: reduces ? [...x!.shape.slice(0, -1), 1] : x!.shape,
        dtype: x!.dtype,
        run: ([data], out) => kernel(data as Float32Array, out as Float32Array, rows, length),
      };
    },
    ...(pullback && { pullback }),
  };
}

const normalisation = ofRows("softmax", softmaxRows, false, (_, g, _inputs, y) => {
  const weighted = mul(g, y);
  return sub(weighted, mul(y, sum(weighted, -1, true)));
});

const logNormalisation = ofRows("logSoftmax", logSoftmaxRows, false, (_, g, _inputs, y) =>
  sub(g, mul(exp(y), sum(g, -1, true))),
);

const logSum = ofRows("logSumExp", logSumExpRows, true, (_, g, [x]) => mul(g, softmax(x!)));

/** Applies a primitive of the last axis along another one. */
function along(primitive: Primitive<void>, x: Tensor, axis: number): Tensor {
  requireFloat(primitive.name, x);
  const place = normaliseAxis(primitive.name, axis, x.shape.length);
  if (place === x.shape.length - 1) return apply(primitive, [x], undefined);
  const order = x.shape.map((_, one) => one);
  const last = order.length - 1;
  order[place] = last;
  order[last] = place;
  return transpose(apply(primitive, [transpose(x, order)], undefined), order);
}

/** `e^x` divided by its sum along an axis, computed from differences to the largest element so that it never overflows. */
export function softmax(x: Tensor, axis = -1): Tensor {
  return along(normalisation, x, axis);
}

/** Logarithm of the softmax along an axis, without computing the softmax. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return along(logNormalisation, x, axis);
}

/** `log(sum(e^x))` along an axis, which is removed unless it is kept. */
export function logSumExp(x: Tensor, axis = -1, keepAxis = false): Tensor {
  const result = along(logSum, x, axis);
  return keepAxis ? result : squeeze(result, axis);
}
