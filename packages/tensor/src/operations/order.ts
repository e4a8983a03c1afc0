import { allocate } from "../dtype.ts";
import { ConfigError } from "../errors.ts";
import { around, normaliseAxis } from "../shape.ts";
import { apply, untracked } from "../tape.ts";
import type { Primitive } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { gather } from "./indexing.ts";
import { flip } from "./layout.ts";

/** Elements in an order, and where each came from. */
export interface Ordered {
  readonly values: Tensor;
  /** int32, the shape of `values`: places along the axis of the input. */
  readonly indices: Tensor;
}

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
  const rows = length === 0 ? 0 : x.size / length;
  const out = new Int32Array(rows * k);
  for (let row = 0; row < rows; row++) selectLargest(x.data, row * length, length, out, row * k, k);
  const indices = untracked(x.shape.with(axis, k), "int32", out);
  return { values: gather(x, indices, axis), indices };
}

/** Insertion into a short sorted list: `k` is small wherever experts are chosen. */
function selectLargest(
  data: Tensor["data"],
  start: number,
  length: number,
  out: Int32Array,
  first: number,
  k: number,
): void {
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

/** Elements in ascending order along an axis; equal ones keep their order, NaN comes last. */
export function sort(x: Tensor, axis = -1): Ordered {
  const place = normaliseAxis("sort", axis, x.shape.length);
  const { outer, length, inner } = around(x.shape, place);
  const out = new Int32Array(x.size);
  for (let row = 0; row < outer; row++) {
    for (let column = 0; column < inner; column++) {
      const at = (index: number): number => (row * length + index) * inner + column;
      const order = Array.from({ length }, (_, index) => index).toSorted((a, b) =>
        compare(x.data[at(a)]!, x.data[at(b)]!),
      );
      order.forEach((from, to) => (out[at(to)] = from));
    }
  }
  const indices = untracked(x.shape, "int32", out);
  return { values: gather(x, indices, place), indices };
}

function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a - b || 0;
}

const accumulation: Primitive<number> = {
  name: "cumsum",
  forward([x], axis) {
    const { outer, length, inner } = around(x!.shape, axis);
    const out = allocate(x!.dtype, x!.size);
    for (let row = 0; row < outer; row++) {
      for (let column = 0; column < inner; column++) {
        let total = 0;
        for (let index = 0; index < length; index++) {
          const at = (row * length + index) * inner + column;
          total += x!.data[at]!;
          out[at] = total;
        }
      }
    }
    return untracked(x!.shape, x!.dtype, out);
  },
  pullback: (_, g, _inputs, _output, axis) => flip(cumsum(flip(g, axis), axis), axis),
};

/** Running sum along an axis, added up in float64. */
export function cumsum(x: Tensor, axis = -1): Tensor {
  return apply(accumulation, [x], normaliseAxis("cumsum", axis, x.shape.length));
}
