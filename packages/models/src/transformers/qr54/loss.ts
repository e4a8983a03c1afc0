import { arc, geluTanh, linear, rotated } from "@ganglion/adders";
import {
  add,
  cast,
  concat,
  div,
  expandDims,
  fromData,
  gather,
  logSumExp,
  matmul,
  mean,
  mul,
  pad,
  reciprocal,
  reshape,
  slice,
  softmax,
  sqrt,
  square,
  squeeze,
  sub,
  sum,
  take,
  transpose,
} from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { ANSWER, EPSILON, EQUALS, TOKENS } from "./layout.ts";
import type { Qr54Params } from "./model.ts";
import { WIDTH } from "./loops.ts";
import { fixedPositions } from "./positions.ts";

/** Examples as training in compiled steps reads them, int32. */
export type Qr54Batch = {
  /** What attention carries, `[batch, 32]`. */
  readonly tokens: Tensor;
  /** The token at which each digit is predicted, `[batch, 11]`. */
  readonly own: Tensor;
  /** The digit that is right there, `[batch, 11]`. */
  readonly targets: Tensor;
};

/**
 * Takes examples apart.
 *
 * @param digits `[batch, 33]`, as `drawProblems` writes them
 */
export function qr54Batch(digits: Uint8Array): Qr54Batch {
  const n = digits.length / WIDTH;
  const columns = (from: number, to: number): Tensor => {
    const width = to - from;
    const part = Int32Array.from(
      { length: n * width },
      (_, at) => digits[Math.floor(at / width) * WIDTH + from + (at % width)]!,
    );
    return fromData(part, [n, width]);
  };
  return { tokens: columns(0, TOKENS), own: columns(EQUALS, TOKENS), targets: columns(EQUALS + 1, WIDTH) };
}

/**
 * Mean cross-entropy of all answer digits, out of plain parts, for training in compiled steps: attention looks at positions
 * only, so it is worked out once for the whole batch, and norms divide after the matrices that follow them.
 *
 * @returns a scalar
 */
export function qr54Loss(params: Qr54Params, { tokens, own, targets }: Qr54Batch): Tensor {
  const { arc: shape, write, up, head, norm } = params;
  const embedding = arc(shape, 10);
  const positions = positionsOf(params);
  const carried = reshape(take(valuesOf(params, embedding), tokens, 0), tokens.shape);
  const seen = matmul(carried, transpose(sharesOf(params, positions)));
  const state = add(
    take(
      pad(embedding, [
        [0, 0],
        [0, 3],
      ]),
      own,
      0,
    ),
    slice(positions, [[EQUALS, TOKENS]]),
  );
  const x = add(state, mul(expandDims(seen, -1), write));
  const y = add(x, linear(geluTanh(normedLinear(x, up, norm)), head));
  const logits = linear(normedLinear(y, head, norm), transpose(embedding));
  return mean(sub(logSumExp(logits, -1), squeeze(gather(logits, expandDims(targets, -1), -1), -1)));
}

/** `rmsNorm(x, norm)` times the transpose of a matrix `[outputs, 5]`. */
function normedLinear(x: Tensor, matrix: Tensor, norm: Tensor): Tensor {
  const size = sqrt(add(mean(square(x), -1, true), EPSILON));
  return mul(linear(x, transpose(mul(matrix, norm))), reciprocal(size));
}

/** Positions with the learned one of the equals sign, `[32, 5]`, 0 in the features of digits. */
function positionsOf({ equals }: Qr54Params): Tensor {
  const fixed = cast(fromData(fixedPositions(), [TOKENS, 3]), equals.dtype);
  const rows = [slice(fixed, [[0, EQUALS]]), reshape(equals, [1, 3]), slice(fixed, [[EQUALS + 1, TOKENS]])];
  return pad(concat(rows), [
    [0, 0],
    [2, 0],
  ]);
}

/** What attention carries of each digit, `[10, 1]`, before it is divided by the size of the state. */
function valuesOf({ norm, head, read }: Qr54Params, embedding: Tensor): Tensor {
  return matmul(mul(embedding, slice(norm, [[0, 2]])), matmul(head, reshape(read, [5, 1])));
}

/** Weight of every place at every step over the size of its state, `[11, 32]`. */
function sharesOf({ arc: shape, phase, query, norm }: Qr54Params, positions: Tensor): Tensor {
  const radius = slice(shape, [[0, 1]]);
  const size = sqrt(add(div(add(sum(square(positions), -1, true), square(radius)), 5), EPSILON));
  const keys = matmul(mul(div(slice(positions, [null, [2, 5]]), size), slice(norm, [[2, 5]])), transpose(query));
  const queries = rotated(slice(keys, [[EQUALS, TOKENS]]), phase);
  const scores = add(mul(matmul(queries, transpose(keys)), 0.5), hiding(keys.dtype));
  return div(softmax(scores), reshape(size, [1, TOKENS]));
}

/** -Infinity where a place comes later than the step. */
function hiding(dtype: Tensor["dtype"]): Tensor {
  const bias = Float64Array.from({ length: ANSWER * TOKENS }, (_, at) =>
    at % TOKENS > EQUALS + Math.floor(at / TOKENS) ? -Infinity : 0,
  );
  return cast(fromData(bias, [ANSWER, TOKENS]), dtype);
}
