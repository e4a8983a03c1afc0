import { add, arange, cast, concat, cos, expandDims, mul, neg, sin, slice, square, sub } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";

/**
 * Tokens on an arc: row t is `radius * (cos, sin)(start + t * step)`.
 *
 * @param arc `[3]`: radius, start and step in radians
 * @param tokens number of rows, from 1
 * @returns `[tokens, 2]`
 */
export function arc(arc: Tensor, tokens: number): Tensor {
  const part = (index: number): Tensor => slice(arc, [[index, index + 1]]);
  const angle = add(part(1), mul(ids(tokens, arc), part(2)));
  return mul(pair(cos(angle), sin(angle)), part(0));
}

/**
 * Tokens on a parabola: row t is `(height - bend * t^2, -t)`, so that a product with `(x, y)` is largest at the nearest t.
 *
 * @param shape `[2]`: height and bend
 * @param tokens number of rows, from 1
 * @returns `[tokens, 2]`
 */
export function parabola(shape: Tensor, tokens: number): Tensor {
  const t = ids(tokens, shape);
  return pair(sub(slice(shape, [[0, 1]]), mul(square(t), slice(shape, [[1, 2]]))), neg(t));
}

/** 0, 1, 2, ... in the dtype of another tensor. */
function ids(tokens: number, like: Tensor): Tensor {
  return cast(arange(tokens), like.dtype);
}

function pair(first: Tensor, second: Tensor): Tensor {
  return concat([expandDims(first, -1), expandDims(second, -1)], -1);
}
