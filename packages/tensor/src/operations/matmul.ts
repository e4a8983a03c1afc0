import { gemm, groupedGemm, groupedOuter } from "@ganglion/kernels";
import type { Data } from "../dtype.ts";
import { ShapeError, show } from "../errors.ts";
import { broadcastShapes, broadcastStrides, sizeOf } from "../shape.ts";
import type { Shape } from "../shape.ts";
import { planStrides } from "../loops/broadcast.ts";
import { apply } from "../tape.ts";
import type { Kernel, Primitive } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { reshape } from "./layout.ts";
import { sumTo } from "./reduce.ts";
import { requireFloat, requireIndices, requireSameDType } from "./require.ts";

interface Transposition {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Row and column counts of a matrix as it is multiplied. */
function matrix(shape: Shape, transposed: boolean): [rows: number, columns: number] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return transposed ? [columns, rows] : [rows, columns];
}

const product: Primitive<Transposition> = {
  name: "matmul",
  bind([a, b], { transposeA, transposeB }) {
    const [m, k] = matrix(a!.shape, transposeA);
    const [, n] = matrix(b!.shape, transposeB);
    const [batchA, batchB] = [a!.shape.slice(0, -2), b!.shape.slice(0, -2)];
    const batch = broadcastShapes("matmul", batchA, batchB);
    const { length, steps, forEach } = planStrides(batch, [
      broadcastStrides(batchA, batch).map((stride) => stride * m * k),
      broadcastStrides(batchB, batch).map((stride) => stride * k * n),
    ]);
    const [s, t] = steps as [number, number];
    const run: Kernel["run"] = ([x, y], out) => {
      const matrices = { a: x as Float32Array, b: y as Float32Array, out: out as Float32Array, transposeA, transposeB };
      forEach((o, p, q) => {
        for (let i = 0; i < length; i++) {
          gemm({ m, n, k, ...matrices, aOffset: p + i * s, bOffset: q + i * t, outOffset: (o + i) * m * n });
        }
      });
    };
    return { shape: [...batch, m, n], dtype: a!.dtype, run };
  },
  pullback(index, g, [a, b], _output, { transposeA, transposeB }) {
    const [first, second, flags] =
      index === 0
        ? transposeA
          ? [b!, g, { transposeA: transposeB, transposeB: true }]
          : [g, b!, { transposeA: false, transposeB: !transposeB }]
        : transposeB
          ? [g, a!, { transposeA: true, transposeB: transposeA }]
          : [a!, g, { transposeA: !transposeA, transposeB: false }];
    return sumTo(apply(product, [first, second], flags), (index === 0 ? a! : b!).shape);
  },
};

/**
 * Matrix product over the last two axes; the axes before them broadcast.
 *
 * @param a `[..., rows, inner]`
 * @param b `[..., inner, columns]`
 * @returns `[..., rows, columns]`
 * @throws ShapeError when inner lengths differ or an operand has fewer than two axes
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  requireFloat("matmul", a);
  requireSameDType("matmul", [a, b]);
  const shapes = [a.shape, b.shape];
  const received = `received ${show(a.shape)} and ${show(b.shape)}`;
  if (a.shape.length < 2 || b.shape.length < 2) {
    throw new ShapeError("matmul", `expected at least two axes each, ${received}. Use expandDims?`, shapes);
  }
  if (a.shape.at(-1) !== b.shape.at(-2)) {
    const repair = a.shape.at(-1) === b.shape.at(-1) ? " Transpose the second argument?" : "";
    throw new ShapeError("matmul", `expected inner lengths to agree, ${received}.${repair}`, shapes);
  }
  const flags = { transposeA: false, transposeB: false };
  if (b.shape.length > 2 || a.shape.length === 2) return apply(product, [a, b], flags);
  const rows = reshape(a, [sizeOf(a.shape.slice(0, -1)), a.shape.at(-1)!]);
  return reshape(apply(product, [rows, b], flags), [...a.shape.slice(0, -1), b.shape[1]!]);
}

const grouped: Primitive<boolean> = {
  name: "groupedMatmul",
  bind([x, weights], transposeWeights) {
    const [rows, inputs] = x!.shape as [number, number];
    const outputs = weights!.shape[transposeWeights ? 1 : 2]!;
    const shape = { rows, inputs, outputs, transposeWeights };
    const run: Kernel["run"] = ([data, matrices, sizes], out) => {
      requireSizes(sizes!, rows);
      groupedGemm(data as Float32Array, matrices as Float32Array, sizes as Int32Array, out as Float32Array, shape);
    };
    return { shape: [rows, outputs], dtype: x!.dtype, run };
  },
  pullback(index, g, [x, weights, sizes], _output, transposeWeights) {
    if (index === 0) return apply(grouped, [g, weights!, sizes!], !transposeWeights);
    if (index === 1) return apply(groupedProduct, transposeWeights ? [g, x!, sizes!] : [x!, g, sizes!], undefined);
    return undefined;
  },
};

/** Per group, inputs transposed times cotangents: the gradient of grouped weights. */
const groupedProduct: Primitive<void> = {
  name: "groupedOuter",
  bind([x, g, sizes]) {
    const shape = { inputs: x!.shape[1]!, outputs: g!.shape[1]! };
    const run: Kernel["run"] = ([data, cotangents, groups], out) =>
      groupedOuter(data as Float32Array, cotangents as Float32Array, groups as Int32Array, out as Float32Array, shape);
    return { shape: [sizes!.shape[0]!, shape.inputs, shape.outputs], dtype: x!.dtype, run };
  },
  pullback(index, cotangent, [x, g, sizes]) {
    if (index === 0) return apply(grouped, [g!, cotangent, sizes!], true);
    return index === 1 ? apply(grouped, [x!, cotangent, sizes!], false) : undefined;
  },
};

/**
 * Consecutive groups of rows, each multiplied by its own matrix; rows past the last group give zeros.
 *
 * @param x `[rows, inputs]`
 * @param weights `[groups, inputs, outputs]`
 * @param sizes int32 `[groups]`, rows of each group, together at most `rows`
 * @returns `[rows, outputs]`
 * @throws ShapeError when lengths do not fit or the sizes exceed the rows
 */
export function groupedMatmul(x: Tensor, weights: Tensor, sizes: Tensor): Tensor {
  requireFloat("groupedMatmul", x);
  requireSameDType("groupedMatmul", [x, weights]);
  requireIndices("groupedMatmul", sizes);
  const shapes = [x.shape, weights.shape, sizes.shape];
  const fits =
    x.shape.length === 2 &&
    weights.shape.length === 3 &&
    sizes.shape.length === 1 &&
    weights.shape[0] === sizes.shape[0] &&
    weights.shape[1] === x.shape[1];
  if (!fits) {
    const expected = "expected [rows, inputs], [groups, inputs, outputs] and [groups]";
    throw new ShapeError("groupedMatmul", `${expected}, received ${shapes.map(show).join(", ")}`, shapes);
  }
  return apply(grouped, [x, weights, sizes], false);
}

function requireSizes(sizes: Data, rows: number): void {
  let total = 0;
  for (const size of sizes) total = size < 0 ? Infinity : total + size;
  if (total <= rows) return;
  const received = show([...sizes]);
  throw new ShapeError("groupedMatmul", `expected sizes from 0 that sum to at most ${rows}, received ${received}`);
}
