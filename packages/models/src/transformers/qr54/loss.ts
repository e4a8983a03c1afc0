import { arc, geluTanh, rotated } from "@ganglion/adders";
import {
  add,
  cast,
  concat,
  div,
  exp,
  expandDims,
  fromData,
  full,
  log,
  matmul,
  maximum,
  mul,
  pad,
  reciprocal,
  reshape,
  slice,
  softmax,
  sqrt,
  square,
  stopGradient,
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

/** Examples as training in compiled steps reads them; examples come last, so that every operation runs along them. */
export type Qr54Batch = {
  /** What attention carries, int32 `[32, batch]`. */
  readonly tokens: Tensor;
  /** 1 at the token and at the step of each digit that is predicted, `[10 + 11, 11 * batch]`. */
  readonly own: Tensor;
  /** 1 at the digit that is right there, `[10, 11 * batch]`. */
  readonly targets: Tensor;
};

/**
 * Takes examples apart.
 *
 * @param digits `[batch, 33]`, as `drawProblems` writes them
 * @param dtype that of the parameters
 */
export function qr54Batch(digits: Uint8Array, dtype: "float32" | "float64" = "float32"): Qr54Batch {
  const n = digits.length / WIDTH;
  const zeros = (rows: number): Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> =>
    new (dtype === "float32" ? Float32Array : Float64Array)(rows * ANSWER * n);
  const tokens = new Int32Array(TOKENS * n);
  const own = zeros(10 + ANSWER);
  const targets = zeros(10);
  for (let example = 0; example < n; example++) {
    for (let place = 0; place < TOKENS; place++) tokens[place * n + example] = digits[WIDTH * example + place]!;
    for (let step = 0; step < ANSWER; step++) {
      const column = step * n + example;
      const at = WIDTH * example + EQUALS + step;
      own[digits[at]! * ANSWER * n + column] = 1;
      own[(10 + step) * ANSWER * n + column] = 1;
      targets[digits[at + 1]! * ANSWER * n + column] = 1;
    }
  }
  return {
    tokens: fromData(tokens, [TOKENS, n]),
    own: fromData(own, [10 + ANSWER, ANSWER * n]),
    targets: fromData(targets, [10, ANSWER * n]),
  };
}

/**
 * Mean cross-entropy of all answer digits, out of plain parts, for training in compiled steps: attention looks at positions
 * only, so it is worked out once for the whole batch; features come first and examples last; and norms divide after the
 * matrices that follow them.
 *
 * @returns a scalar
 */
export function qr54Loss(params: Qr54Params, { tokens, own, targets }: Qr54Batch): Tensor {
  const { arc: shape, write, up, head, norm } = params;
  const embedding = arc(shape, 10);
  const positions = positionsOf(params);
  const carried = reshape(take(valuesOf(params, embedding), tokens, 0), tokens.shape);
  const seen = reshape(matmul(sharesOf(params, positions), carried), [1, own.shape[1]!]);
  const states = concat([
    pad(embedding, [
      [0, 0],
      [0, 3],
    ]),
    slice(positions, [[EQUALS, TOKENS]]),
  ]);
  const x = add(matmul(transpose(states), own), mul(expandDims(write, -1), seen));
  const y = add(x, matmul(transpose(head), geluTanh(normedLinear(x, up, norm))));
  const logits = matmul(embedding, normedLinear(y, head, norm));
  const most = stopGradient(greatest(logits));
  const total = matmul(full([1, 10], 1, logits.dtype), exp(sub(logits, most)));
  return div(sub(sum(add(log(total), most)), sum(mul(logits, targets))), own.shape[1]!);
}

/** Greatest number of each column, `[1, columns]`: halves of the rows are compared whole, and overlap where rows are odd. */
function greatest(x: Tensor): Tensor {
  const [rows] = x.shape as [number, number];
  if (rows === 1) return x;
  const half = Math.ceil(rows / 2);
  return greatest(maximum(slice(x, [[0, half]]), slice(x, [[rows - half, rows]])));
}

/** A matrix `[outputs, 5]` times what `rmsNorm` makes of columns, `[5, columns]`. */
function normedLinear(x: Tensor, matrix: Tensor, norm: Tensor): Tensor {
  const size = sqrt(add(matmul(full([1, 5], 1 / 5, x.dtype), square(x)), EPSILON));
  return mul(matmul(mul(matrix, norm), x), reciprocal(size));
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
