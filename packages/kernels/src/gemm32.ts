const f = Math.fround;

/** Row-major float32 product by tiles of 4x4; strides say whether an operand is transposed. */
export function gemmFloat32(
  m: number,
  n: number,
  k: number,
  a: Float32Array,
  aOffset: number,
  aRow: number,
  aInner: number,
  b: Float32Array,
  bOffset: number,
  bInner: number,
  bColumn: number,
  out: Float32Array,
  outOffset: number,
  accumulate: boolean,
): void {
  const fullRows = m - (m % 4);
  const fullColumns = n - (n % 4);
  for (let row = 0; row < fullRows; row += 4)
    for (let column = 0; column < fullColumns; column += 4)
      tile(
        k,
        a,
        aOffset + row * aRow,
        aRow,
        aInner,
        b,
        bOffset + column * bColumn,
        bInner,
        bColumn,
        out,
        outOffset + row * n + column,
        n,
        accumulate,
      );
  for (let row = 0; row < m; row++)
    for (let column = row < fullRows ? fullColumns : 0; column < n; column++)
      single(
        k,
        a,
        aOffset + row * aRow,
        aInner,
        b,
        bOffset + column * bColumn,
        bInner,
        out,
        outOffset + row * n + column,
        accumulate,
      );
}

function tile(
  k: number,
  a: Float32Array,
  aStart: number,
  aRow: number,
  aInner: number,
  b: Float32Array,
  bStart: number,
  bInner: number,
  bColumn: number,
  out: Float32Array,
  start: number,
  n: number,
  accumulate: boolean,
): void {
  const o0 = start;
  const o1 = o0 + n;
  const o2 = o1 + n;
  const o3 = o2 + n;
  let c00 = f(0),
    c01 = f(0),
    c02 = f(0),
    c03 = f(0);
  let c10 = f(0),
    c11 = f(0),
    c12 = f(0),
    c13 = f(0);
  let c20 = f(0),
    c21 = f(0),
    c22 = f(0),
    c23 = f(0);
  let c30 = f(0),
    c31 = f(0),
    c32 = f(0),
    c33 = f(0);
  if (accumulate) {
    c00 = out[o0]!;
    c01 = out[o0 + 1]!;
    c02 = out[o0 + 2]!;
    c03 = out[o0 + 3]!;
    c10 = out[o1]!;
    c11 = out[o1 + 1]!;
    c12 = out[o1 + 2]!;
    c13 = out[o1 + 3]!;
    c20 = out[o2]!;
    c21 = out[o2 + 1]!;
    c22 = out[o2 + 2]!;
    c23 = out[o2 + 3]!;
    c30 = out[o3]!;
    c31 = out[o3 + 1]!;
    c32 = out[o3 + 2]!;
    c33 = out[o3 + 3]!;
  }
  const bColumn2 = 2 * bColumn,
    bColumn3 = 3 * bColumn;
  const aRow2 = 2 * aRow,
    aRow3 = 3 * aRow;
  for (let inner = 0, p = aStart, q = bStart; inner < k; inner++, p += aInner, q += bInner) {
    const b0 = b[q]!,
      b1 = b[q + bColumn]!,
      b2 = b[q + bColumn2]!,
      b3 = b[q + bColumn3]!;
    const a0 = a[p]!;
    c00 = f(c00 + f(a0 * b0));
    c01 = f(c01 + f(a0 * b1));
    c02 = f(c02 + f(a0 * b2));
    c03 = f(c03 + f(a0 * b3));
    const a1 = a[p + aRow]!;
    c10 = f(c10 + f(a1 * b0));
    c11 = f(c11 + f(a1 * b1));
    c12 = f(c12 + f(a1 * b2));
    c13 = f(c13 + f(a1 * b3));
    const a2 = a[p + aRow2]!;
    c20 = f(c20 + f(a2 * b0));
    c21 = f(c21 + f(a2 * b1));
    c22 = f(c22 + f(a2 * b2));
    c23 = f(c23 + f(a2 * b3));
    const a3 = a[p + aRow3]!;
    c30 = f(c30 + f(a3 * b0));
    c31 = f(c31 + f(a3 * b1));
    c32 = f(c32 + f(a3 * b2));
    c33 = f(c33 + f(a3 * b3));
  }
  out[o0] = c00;
  out[o0 + 1] = c01;
  out[o0 + 2] = c02;
  out[o0 + 3] = c03;
  out[o1] = c10;
  out[o1 + 1] = c11;
  out[o1 + 2] = c12;
  out[o1 + 3] = c13;
  out[o2] = c20;
  out[o2 + 1] = c21;
  out[o2 + 2] = c22;
  out[o2 + 3] = c23;
  out[o3] = c30;
  out[o3 + 1] = c31;
  out[o3 + 2] = c32;
  out[o3 + 3] = c33;
}

function single(
  k: number,
  a: Float32Array,
  aStart: number,
  aInner: number,
  b: Float32Array,
  bStart: number,
  bInner: number,
  out: Float32Array,
  at: number,
  accumulate: boolean,
): void {
  let sum = f(accumulate ? out[at]! : 0);
  for (let inner = 0, p = aStart, q = bStart; inner < k; inner++, p += aInner, q += bInner) {
    sum = f(sum + f(a[p]! * b[q]!));
  }
  out[at] = sum;
}
