/** `out = a b` or `out += a b` by tiles of 4 x 4, whose sums the compiler keeps in registers. */
export function multiply(
  m: number,
  n: number,
  k: number,
  a: Float32Array,
  b: Float32Array,
  out: Float32Array,
  accumulate = false,
): void {
  if (!accumulate) out.fill(0);
  const rows = m - (m % 4);
  const columns = n - (n % 4);
  for (let row = 0; row < rows; row += 4) {
    for (let column = 0; column < columns; column += 4) tile(n, k, a, row * k, b, column, out, row * n + column);
  }
  for (let row = 0; row < m; row++) {
    for (let column = row < rows ? columns : 0; column < n; column++) {
      let sum = out[row * n + column]!;
      for (let inner = 0; inner < k; inner++) sum += a[row * k + inner]! * b[inner * n + column]!;
      out[row * n + column] = sum;
    }
  }
}

function tile(
  n: number,
  k: number,
  a: Float32Array,
  from: number,
  b: Float32Array,
  column: number,
  out: Float32Array,
  to: number,
): void {
  const a1 = from + k;
  const a2 = a1 + k;
  const a3 = a2 + k;
  let c00 = 0;
  let c01 = 0;
  let c02 = 0;
  let c03 = 0;
  let c10 = 0;
  let c11 = 0;
  let c12 = 0;
  let c13 = 0;
  let c20 = 0;
  let c21 = 0;
  let c22 = 0;
  let c23 = 0;
  let c30 = 0;
  let c31 = 0;
  let c32 = 0;
  let c33 = 0;
  for (let inner = 0, at = column; inner < k; inner++, at += n) {
    const b0 = b[at]!;
    const b1 = b[at + 1]!;
    const b2 = b[at + 2]!;
    const b3 = b[at + 3]!;
    const x0 = a[from + inner]!;
    const x1 = a[a1 + inner]!;
    const x2 = a[a2 + inner]!;
    const x3 = a[a3 + inner]!;
    c00 += x0 * b0;
    c01 += x0 * b1;
    c02 += x0 * b2;
    c03 += x0 * b3;
    c10 += x1 * b0;
    c11 += x1 * b1;
    c12 += x1 * b2;
    c13 += x1 * b3;
    c20 += x2 * b0;
    c21 += x2 * b1;
    c22 += x2 * b2;
    c23 += x2 * b3;
    c30 += x3 * b0;
    c31 += x3 * b1;
    c32 += x3 * b2;
    c33 += x3 * b3;
  }
  addFour(out, to, c00, c01, c02, c03);
  addFour(out, to + n, c10, c11, c12, c13);
  addFour(out, to + 2 * n, c20, c21, c22, c23);
  addFour(out, to + 3 * n, c30, c31, c32, c33);
}

function addFour(out: Float32Array, at: number, x: number, y: number, z: number, w: number): void {
  out[at]! += x;
  out[at + 1]! += y;
  out[at + 2]! += z;
  out[at + 3]! += w;
}

/** `[m, n]` as `[n, m]`. */
export function transpose(m: number, n: number, x: Float32Array): Float32Array {
  const out = new Float32Array(m * n);
  for (let row = 0; row < m; row++)
    for (let column = 0; column < n; column++) out[column * m + row] = x[row * n + column]!;
  return out;
}

/** Adds the rows of `x` `[m, n]` to `out` `[n]`. */
export function addColumns(m: number, n: number, x: Float32Array, out: Float32Array): void {
  for (let row = 0; row < m; row++) for (let column = 0; column < n; column++) out[column]! += x[row * n + column]!;
}
