import { add, mapTree, matmul, mul, ShapeError, sqrt, square, sum, tensor, transpose, div } from "@ganglion/tensor";
import type { Tensor, Tree } from "@ganglion/tensor";
import { checkRate, checkSetting, checkShare } from "./check.ts";
import { leafwise, nextCount, numbersOf, scalarLike, zerosLike } from "./leaves.ts";
import { rateAt } from "./optimiser.ts";
import type { Optimiser, Schedule } from "./optimiser.ts";

/** Settings of `muon`. */
export interface MuonConfig {
  /** Length of the step in the spectral norm, from 0; 0.02 by default. */
  readonly learningRate?: number | Schedule;
  /** Share of the momentum kept per update, in [0, 1); 0.95 by default. */
  readonly momentum?: number;
  /** Newton-Schulz iterations, a whole number from 1; 5 by default. */
  readonly iterations?: number;
}

/** What `muon` remembers. */
export type MuonState = {
  /** Updates so far, int32 scalar. */
  readonly count: Tensor;
  /** Decaying sum of gradients, in the structure of the parameters. */
  readonly momentum: Tree;
};

/**
 * Muon: momentum whose singular values are all brought near 1, so that every direction of a matrix moves alike.
 *
 * `m' = momentum * m + g`, `u = g + momentum * m'` (Nesterov), and the change is
 * `-learningRate * sqrt(max(1, outputs / inputs)) * orthogonalise(u)`. Leaves are weights `[..., inputs, outputs]`;
 * leading axes are a batch of matrices. Give the other leaves to another optimiser with `partition`.
 *
 * `partition({ muon: muon(), adam: adam() }, (path, leaf) => (leaf.shape.length > 1 ? "muon" : "adam"))`
 *
 * @throws ConfigError when a setting is outside its range
 * @see Jordan et al. 2024, kellerjordan.github.io/posts/muon
 */
export function muon({ learningRate = 0.02, momentum = 0.95, iterations = 5 }: MuonConfig = {}): Optimiser<MuonState> {
  checkRate("muon", learningRate);
  checkShare("muon", "momentum", momentum);
  checkIterations("muon", iterations);
  return {
    init: (params) => ({ count: tensor(0, "int32"), momentum: zerosLike(mapTree(checkMatrix, params)) }),
    update<Params extends Tree>(grads: Params, state: MuonState, params: Params) {
      const count = nextCount(state.count);
      const scale = numbersOf(count, 1, (step) => [-rateAt(learningRate, step)]);
      const inputs = { params, grads, momentum: state.momentum };
      const made = leafwise("muon", inputs, ["updates", "momentum"], ({ grads: g, momentum: m }) => {
        const [rows, columns] = checkMatrix(g).shape.slice(-2);
        const next = add(mul(m, momentum), g);
        const direction = orthogonalise(add(g, mul(next, momentum)), iterations);
        const stretched = mul(scale, Math.sqrt(Math.max(1, columns! / rows!)));
        return { updates: mul(direction, scalarLike(stretched, g)), momentum: next };
      });
      return { updates: made.updates as Params, state: { count, momentum: made.momentum } };
    },
  };
}

/**
 * Matrices with the singular vectors of `x` and singular values near 1 (between about 0.7 and 1.2 after 5 iterations).
 *
 * Starts from `x / |x|` and iterates `x <- a x + (b A + c A^2) x` with `A = x x^T`, a = 3.4445, b = -4.775, c = 2.0315.
 *
 * @param x `[..., rows, columns]`; leading axes are a batch
 * @param iterations whole number from 1
 * @returns tensor of the shape of `x`; zeros where a matrix is zero
 * @throws ShapeError when `x` has fewer than two axes
 * @see Jordan et al. 2024, kellerjordan.github.io/posts/muon
 */
export function orthogonalise(x: Tensor, iterations: number = 5): Tensor {
  checkIterations("orthogonalise", iterations);
  const [rows, columns] = checkMatrix(x).shape.slice(-2);
  const wide = rows! > columns! ? transpose(x) : x;
  let y = div(wide, add(sqrt(sum(square(wide), [-2, -1], true)), 1e-7));
  for (let i = 0; i < iterations; i++) {
    const gram = matmul(y, transpose(y));
    const polynomial = add(mul(gram, -4.775), mul(matmul(gram, gram), 2.0315));
    y = add(mul(y, 3.4445), matmul(polynomial, y));
  }
  return rows! > columns! ? transpose(y) : y;
}

function checkMatrix(leaf: Tensor): Tensor {
  if (leaf.shape.length >= 2) return leaf;
  throw new ShapeError(
    "muon",
    `expected matrices, received [${leaf.shape.join(", ")}]. Give other leaves to another optimiser with partition?`,
    [leaf.shape],
  );
}

function checkIterations(operation: string, iterations: number): void {
  checkSetting(
    operation,
    "a whole number of iterations from 1",
    iterations,
    Number.isInteger(iterations) && iterations > 0,
  );
}
