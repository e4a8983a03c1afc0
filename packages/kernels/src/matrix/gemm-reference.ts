/** Storage of a matrix: contiguous, row after row. */
export type Matrix = Float32Array | Float64Array;

/** A matrix product `out = a b`, or `out += a b`. */
export interface Gemm<Values extends Matrix = Matrix> {
  /** Rows of `out`. */
  readonly m: number;
  /** Columns of `out`. */
  readonly n: number;
  /** Inner length: columns of `a`, rows of `b`. */
  readonly k: number;
  /** `[m, k]`, or `[k, m]` with `transposeA`. */
  readonly a: Values;
  /** `[k, n]`, or `[n, k]` with `transposeB`. */
  readonly b: Values;
  /** `[m, n]`; must not overlap `a` or `b`. */
  readonly out: Values;
  /** Default false. */
  readonly transposeA?: boolean;
  /** Default false. */
  readonly transposeB?: boolean;
  /** Start every sum from the value in `out` instead of 0; default false. */
  readonly accumulate?: boolean;
  /** Index of the first element of `a`; default 0. */
  readonly aOffset?: number;
  /** Index of the first element of `b`; default 0. */
  readonly bOffset?: number;
  /** Index of the first element of `out`; default 0. */
  readonly outOffset?: number;
}

/**
 * The definition of `gemm`: one sum per element of `out`, over the inner index in increasing order.
 *
 * Float32 products and sums are rounded one by one.
 */
export function gemmReference<Values extends Matrix>(product: Gemm<Values>): void {
  const { m, n, k, a, b, out, transposeA = false, transposeB = false, accumulate = false } = product;
  const { aOffset = 0, bOffset = 0, outOffset = 0 } = product;
  const round = out instanceof Float32Array ? Math.fround : (x: number) => x;
  for (let row = 0; row < m; row++) {
    for (let column = 0; column < n; column++) {
      const at = outOffset + row * n + column;
      let sum = accumulate ? out[at]! : 0;
      for (let inner = 0; inner < k; inner++) {
        const left = a[aOffset + (transposeA ? inner * m + row : row * k + inner)]!;
        const right = b[bOffset + (transposeB ? column * k + inner : inner * n + column)]!;
        sum = round(sum + round(left * right));
      }
      out[at] = sum;
    }
  }
}
