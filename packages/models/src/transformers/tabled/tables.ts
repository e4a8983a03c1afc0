import { project } from "@ganglion/adders";
import type { Plan, Tokeniser, Weights } from "@ganglion/adders";
import { add, expandDims, fromData, matmul, mul, reshape, slice, take, transpose } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";

/** Digits that may stand at a place; a sign that is always the same has ten equal rows. */
export const DIGITS = 10;

/**
 * All that a model of one layer needs to know of single tokens and of pairs of them: what is left to do for an example is
 * to look up and to add. Rows and columns are `DIGITS * place + digit`, of the places that are read, or of the steps.
 */
export type Tables = {
  /** Scores of attention, `[steps * 10, places * 10]`; those of places after the step mean nothing. */
  readonly scores: Tensor;
  /** What a token adds to the state when attention sees nothing else, `[places * 10, features]`. */
  readonly values: Tensor;
  /** State before the layer, `[11 * 10, features]`. */
  readonly states: Tensor;
  /** Matrices of the perceptron, the norm's weights multiplied in, `[features, hidden]`. */
  readonly up: Tensor;
  /** Without it, `up` itself goes through the activation. */
  readonly gate?: Tensor;
  /** `[hidden, features]` */
  readonly down: Tensor;
  /** The last norm's weights multiplied in, `[features, vocabulary]`. */
  readonly head: Tensor;
};

/** Tables of a model of one layer and one head, out of the plain parts; differentiable. */
export function tablesOf(plan: Plan, weights: Weights, { template, prompt, answer }: Tokeniser): Tables {
  const [layer] = plan.layers as [Plan["layers"][number]];
  const [own] = weights.layers as [Weights["layers"][number]];
  const places = prompt + answer - 1;
  const tokens = Int32Array.from({ length: DIGITS * places }, (_, at) => {
    const allowed = template[at % places]!;
    return allowed[allowed.length === 1 ? 0 : Math.floor(at / places)]!;
  });
  const embedded = take(weights.embedding, fromData(tokens, [DIGITS, places]), 0);
  const x = weights.positions === undefined ? embedded : add(embedded, slice(weights.positions, [[0, places]]));
  const { queries, keys, values } = project(layer, own, x, 0);
  const asked = slice(byPlace(queries), [[DIGITS * (prompt - 1), DIGITS * places]]);
  const { mlp } = own;
  return {
    scores: matmul(mul(asked, layer.attention.scale), transpose(byPlace(keys))),
    values: matmul(byPlace(values), own.output),
    states: slice(byPlace(expandDims(x, 1)), [[DIGITS * (prompt - 1), DIGITS * places]]),
    up: scaled(mlp!.up, own.mlpNorm),
    ...(mlp!.gate && { gate: scaled(mlp!.gate, own.mlpNorm) }),
    down: mlp!.down,
    head: scaled(weights.head!, weights.norm),
  };
}

/** `[digits, 1, places, width]` to `[places * digits, width]`. */
function byPlace(x: Tensor): Tensor {
  const [digits, , places, width] = x.shape as [number, number, number, number];
  return reshape(transpose(x, [2, 0, 1, 3]), [places * digits, width]);
}

/** A matrix with the weights of the norm before it multiplied in. */
function scaled(matrix: Tensor, norm: Tensor | undefined): Tensor {
  return norm === undefined ? matrix : mul(matrix, expandDims(norm, -1));
}
