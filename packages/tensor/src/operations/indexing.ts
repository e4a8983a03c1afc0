import { addRows, takeRows } from "@ganglion/kernels";
import type { Data, DType } from "../dtype.ts";
import { zeros } from "../create.ts";
import { ShapeError, show } from "../errors.ts";
import { copyRun } from "../loops/copy.ts";
import { around, checkShape, normaliseAxis, sameShape, sizeOf } from "../shape.ts";
import { apply } from "../tape.ts";
import type { Kernel, Primitive } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { reshape } from "./layout.ts";
import { requireDType, requireIndices, requireSameDType } from "./require.ts";

const taking: Primitive<number> = {
  name: "take",
  bind([x, indices], axis) {
    const { outer, length, inner } = around(x!.shape, axis);
    const run: Kernel["run"] = ([source, places], out) => {
      requireRange("take", places!, length);
      for (let block = 0; block < outer; block++) {
        const [xStart, outStart] = [block * length * inner, block * places!.length * inner];
        takeRows(source!, places as Int32Array, out, { length: inner, xStart, outStart });
      }
    };
    const shape = [...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)];
    return { shape, dtype: x!.dtype, run };
  },
  pullback(index, g, [x, indices], _output, axis) {
    if (index === 1) return undefined;
    const rows = reshape(g, x!.shape.with(axis, indices!.size));
    return apply(summingSegments, [rows, reshape(indices!, [indices!.size])], { segments: x!.shape[axis]!, axis });
  },
};

/**
 * Slices of `x` at the given places along an axis, in the given order.
 *
 * @param indices int32, any shape
 * @returns `x.shape` with the axis replaced by `indices.shape`
 * @throws ShapeError when an index is outside the axis
 */
export function take(x: Tensor, indices: Tensor, axis = 0): Tensor {
  requireIndices("take", indices);
  return apply(taking, [x, indices], normaliseAxis("take", axis, x.shape.length));
}

const summingSegments: Primitive<{ readonly segments: number; readonly axis: number }> = {
  name: "segmentSum",
  bind([x], { segments, axis }) {
    const { outer, length, inner } = around(x!.shape, axis);
    const run: Kernel["run"] = ([rows, ids], out) => {
      requireRange("segmentSum", ids!, segments);
      out.fill(0);
      for (let block = 0; block < outer; block++) {
        const [xStart, outStart] = [block * length * inner, block * segments * inner];
        addRows(rows!, ids as Int32Array, out, { length: inner, xStart, outStart });
      }
    };
    return { shape: x!.shape.with(axis, segments), dtype: x!.dtype, run };
  },
  pullback: (index, g, [, segmentIds], _output, { axis }) => (index === 1 ? undefined : take(g, segmentIds!, axis)),
};

/**
 * Rows summed by the segment that each belongs to; rows of a segment are added in their order.
 *
 * @param x `[rows, ...]`
 * @param segmentIds int32 `[rows]`, each from 0 to `segments - 1`
 * @returns `[segments, ...]`
 */
export function segmentSum(x: Tensor, segmentIds: Tensor, segments: number): Tensor {
  requireRows("segmentSum", x, segmentIds);
  checkShape("segmentSum", [segments, ...x.shape.slice(1)]);
  return apply(summingSegments, [x, segmentIds], { segments, axis: 0 });
}

const addingRows: Primitive<void> = {
  name: "scatterAdd",
  bind([x]) {
    const [length, ...rest] = x!.shape as [number, ...number[]];
    const run: Kernel["run"] = ([before, places, rows], out) => {
      requireRange("scatterAdd", places!, length);
      out.set(before!);
      addRows(rows!, places as Int32Array, out, { length: sizeOf(rest), xStart: 0, outStart: 0 });
    };
    return { shape: x!.shape, dtype: x!.dtype, run };
  },
  pullback: (index, g, [, indices]) => (index === 0 ? g : index === 2 ? take(g, indices!) : undefined),
};

/**
 * `x` with rows added at the given places of axis 0; rows for the same place add up.
 *
 * @param indices int32 `[n]`
 * @param rows `[n, ...]`
 */
export function scatterAdd(x: Tensor, indices: Tensor, rows: Tensor): Tensor {
  requireScatter("scatterAdd", x, indices, rows);
  return apply(addingRows, [x, indices, rows], undefined);
}

const settingRows: Primitive<void> = {
  name: "scatter",
  bind([x]) {
    const [length, ...rest] = x!.shape as [number, ...number[]];
    const inner = sizeOf(rest);
    const run: Kernel["run"] = ([before, places, rows], out) => {
      requireRange("scatter", places!, length);
      requireDistinct("scatter", places!, length);
      out.set(before!);
      for (let row = 0; row < places!.length; row++) {
        copyRun(rows!, row * inner, out, places![row]! * inner, inner);
      }
    };
    return { shape: x!.shape, dtype: x!.dtype, run };
  },
  pullback(index, g, [, indices, rows]) {
    if (index === 1) return undefined;
    return index === 2 ? take(g, indices!) : scatter(g, indices!, zeros(rows!.shape, g.dtype));
  },
};

/**
 * `x` with rows replaced at the given places of axis 0.
 *
 * @param indices int32 `[n]`, distinct
 * @param rows `[n, ...]`
 * @throws ShapeError when a place is named twice
 */
export function scatter(x: Tensor, indices: Tensor, rows: Tensor): Tensor {
  requireScatter("scatter", x, indices, rows);
  return apply(settingRows, [x, indices, rows], undefined);
}

const gathering: Primitive<number> = {
  name: "gather",
  bind([x, indices], axis) {
    const { length, inner } = around(x!.shape, axis);
    const count = indices!.shape[axis]!;
    const run: Kernel["run"] = ([source, places], out) => {
      requireRange("gather", places!, length);
      for (let i = 0; i < out.length; i++) {
        const row = Math.floor(i / (count * inner));
        out[i] = source![(row * length + places![i]!) * inner + (i % inner)]!;
      }
    };
    return { shape: indices!.shape, dtype: x!.dtype, run };
  },
  pullback(index, g, [x, indices], _output, axis) {
    return index === 1 ? undefined : apply(spreading, [g, indices!], { axis, length: x!.shape[axis]! });
  },
};

/** Adds elements at their places along an axis of zeros: the transpose of `gather`. */
const spreading: Primitive<{ axis: number; length: number }> = {
  name: "spread",
  bind([g, indices], { axis, length }) {
    const { inner, length: count } = around(indices!.shape, axis);
    const run: Kernel["run"] = ([cotangents, places], out) => {
      out.fill(0);
      for (let i = 0; i < cotangents!.length; i++) {
        const row = Math.floor(i / (count * inner));
        out[(row * length + places![i]!) * inner + (i % inner)]! += cotangents![i]!;
      }
    };
    return { shape: indices!.shape.with(axis, length), dtype: g!.dtype, run };
  },
  pullback: (index, g, [, indices], _output, { axis }) =>
    index === 1 ? undefined : apply(gathering, [g, indices!], axis),
};

/**
 * One element per index along an axis: `out[i, j] = x[i, indices[i, j]]` for the last axis of a matrix.
 *
 * @param indices int32, as long as `x` along every other axis
 * @returns `indices.shape`
 * @throws ShapeError when shapes do not fit or an index is outside the axis
 */
export function gather(x: Tensor, indices: Tensor, axis = -1): Tensor {
  requireIndices("gather", indices);
  const place = normaliseAxis("gather", axis, x.shape.length);
  const fits =
    indices.shape.length === x.shape.length &&
    x.shape.every((length, one) => one === place || indices.shape[one] === length);
  if (!fits) {
    const shapes = [x.shape, indices.shape];
    throw new ShapeError(
      "gather",
      `expected lengths that agree except along axis ${place}, received ${shapes.map(show).join(" and ")}`,
      shapes,
    );
  }
  return apply(gathering, [x, indices], place);
}

const marking: Primitive<{ depth: number; dtype: DType }> = {
  name: "oneHot",
  bind([indices], { depth, dtype }) {
    const run: Kernel["run"] = ([places], out) => {
      requireRange("oneHot", places!, depth);
      out.fill(0);
      for (let row = 0; row < places!.length; row++) out[row * depth + places![row]!] = 1;
    };
    return { shape: [...indices!.shape, depth], dtype, run };
  },
};

/**
 * 1 at the place that each index names along a new last axis, 0 elsewhere.
 *
 * @param indices int32, each from 0 to `depth - 1`
 * @returns `[...indices.shape, depth]`
 */
export function oneHot(indices: Tensor, depth: number, dtype: DType = "float32"): Tensor {
  requireIndices("oneHot", indices);
  requireDType("oneHot", dtype);
  checkShape("oneHot", [...indices.shape, depth]);
  return apply(marking, [indices], { depth, dtype });
}

function requireRange(operation: string, indices: Data, length: number): void {
  for (let i = 0; i < indices.length; i++) {
    if (indices[i]! >= 0 && indices[i]! < length) continue;
    throw new ShapeError(operation, `expected indices from 0 to ${length - 1}, received ${indices[i]}`);
  }
}

function requireDistinct(operation: string, indices: Data, length: number): void {
  const seen = new Uint8Array(length);
  for (let i = 0; i < indices.length; i++) {
    if (seen[indices[i]!] === 1) {
      throw new ShapeError(operation, `expected distinct indices, received ${indices[i]} twice. Use scatterAdd?`);
    }
    seen[indices[i]!] = 1;
  }
}

function requireRows(operation: string, x: Tensor, indices: Tensor): void {
  requireIndices(operation, indices);
  if (indices.shape.length === 1 && x.shape.length > 0 && x.shape[0] === indices.shape[0]) return;
  const shapes = [x.shape, indices.shape];
  throw new ShapeError(
    operation,
    `expected one index per row, received rows ${show(x.shape)} and indices ${show(indices.shape)}`,
    shapes,
  );
}

function requireScatter(operation: string, x: Tensor, indices: Tensor, rows: Tensor): void {
  requireSameDType(operation, [x, rows]);
  requireRows(operation, rows, indices);
  if (x.shape.length === 0 || !sameShape(x.shape.slice(1), rows.shape.slice(1))) {
    const shapes = [x.shape, rows.shape];
    throw new ShapeError(
      operation,
      `expected rows like those of ${show(x.shape)}, received ${show(rows.shape)}`,
      shapes,
    );
  }
}
