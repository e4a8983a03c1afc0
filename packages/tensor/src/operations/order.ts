import { isFloat } from "../dtype.ts";
import type { Data, DType } from "../dtype.ts";
import { ConfigError } from "../errors.ts";
import { around, normaliseAxis } from "../shape.ts";
import { apply } from "../tape.ts";
import type { Kernel, Primitive } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { gather } from "./indexing.ts";
import { flip } from "./layout.ts";

/** Elements in an order, and where each came from. */
export interface Ordered {
  readonly values: Tensor;
  /** int32, the shape of `values`: places along the axis of the input. */
  readonly indices: Tensor;
}

const choosing: Primitive<number> = {
  name: "topK",
  bind([x], k) {
    const length = x!.shape.at(-1)!;
    const run: Kernel["run"] = ([data], out) => {
      for (let row = 0; row * k < out.length; row++) {
        selectLargest(data!, row * length, length, out as Int32Array, row * k, k);
      }
    };
    return { shape: [...x!.shape.slice(0, -1), k], dtype: "int32", run };
  },
};

/**
 * The `k` largest elements along the last axis, largest first; at ties the lower index comes first, NaN never does.
 *
 * @returns `values` and `indices`, `[..., k]`
 * @throws ConfigError when the axis is shorter than `k`
 */
export function topK(x: Tensor, k: number): Ordered {
  const axis = normaliseAxis("topK", -1, x.shape.length);
  const length = x.shape[axis]!;
  if (!Number.isInteger(k) || k < 1 || k > length) {
    throw new ConfigError("topK", `expected k from 1 to ${length}, the length of the last axis, received ${k}`);
  }
  const indices = apply(choosing, [x], k);
  return { values: gather(x, indices, axis), indices };
}

/** Insertion into a short sorted list: `k` is small wherever experts are chosen. */
function selectLargest(data: Data, start: number, length: number, out: Int32Array, first: number, k: number): void {
  for (let index = 0; index < length; index++) {
    const value = rank(data[start + index]!);
    let place = Math.min(index, k);
    while (place > 0 && value > rank(data[start + out[first + place - 1]!]!)) {
      if (place < k) out[first + place] = out[first + place - 1]!;
      place--;
    }
    if (place < k) out[first + place] = index;
  }
}

const rank = (value: number): number => (Number.isNaN(value) ? -Infinity : value);

const ordering: Primitive<number> = {
  name: "sort",
  bind([x], axis) {
    const { outer, length, inner } = around(x!.shape, axis);
    const run: Kernel["run"] = ([data], out) => {
      const line = new Float64Array(length);
      const order = new Int32Array(length);
      for (let row = 0; row < outer; row++) {
        for (let column = 0; column < inner; column++) {
          const start = row * length * inner + column;
          for (let i = 0; i < length; i++) line[i] = data![start + i * inner]!;
          orderOf(line, order, x!.dtype);
          for (let i = 0; i < length; i++) out[start + i * inner] = order[i]!;
        }
      }
    };
    return { shape: x!.shape, dtype: "int32", run };
  },
};

/** Elements in ascending order along an axis; equal ones keep their order, NaN comes last. */
export function sort(x: Tensor, axis = -1): Ordered {
  const place = normaliseAxis("sort", axis, x.shape.length);
  const indices = apply(ordering, [x], place);
  return { values: gather(x, indices, place), indices };
}

/** Places of a line's elements in ascending order; integers from a small range are counted instead of compared. */
function orderOf(line: Float64Array, order: Int32Array, dtype: DType): void {
  if (!isFloat(dtype) && line.length > 0) {
    let [low, high] = [line[0]!, line[0]!];
    for (const value of line) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high - low < 4 * line.length + 256) {
      countingOrder(line, low, high, order);
      return;
    }
  }
  for (let i = 0; i < order.length; i++) order[i] = i;
  order.sort((a, b) => compare(line[a]!, line[b]!) || a - b);
}

function countingOrder(line: Float64Array, low: number, high: number, order: Int32Array): void {
  const next = new Int32Array(high - low + 2);
  for (const value of line) next[value - low + 1]!++;
  for (let value = 1; value < next.length; value++) next[value]! += next[value - 1]!;
  for (let i = 0; i < line.length; i++) order[next[line[i]! - low]!++] = i;
}

function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a - b || 0;
}

const accumulation: Primitive<number> = {
  name: "cumsum",
  bind([x], axis) {
    const { outer, length, inner } = around(x!.shape, axis);
    const run: Kernel["run"] = ([data], out) => {
      for (let row = 0; row < outer; row++) {
        for (let column = 0; column < inner; column++) {
          let total = 0;
          for (let index = 0; index < length; index++) {
            const at = (row * length + index) * inner + column;
            total += data![at]!;
            out[at] = total;
          }
        }
      }
    };
    return { shape: x!.shape, dtype: x!.dtype, run };
  },
  pullback: (_, g, _inputs, _output, axis) => flip(cumsum(flip(g, axis), axis), axis),
};

/** Running sum along an axis, added up in float64. */
export function cumsum(x: Tensor, axis = -1): Tensor {
  return apply(accumulation, [x], normaliseAxis("cumsum", axis, x.shape.length));
}
