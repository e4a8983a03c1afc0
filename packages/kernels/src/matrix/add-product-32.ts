import type { View } from "./view.ts";

const f = Math.fround;

/** `out += a b` for `a` [m, k] and `b` [k, n] in tiles of 4 x 4; every product and every sum is rounded. */
export function addProduct32(
  m: number,
  n: number,
  k: number,
  a: View<Float32Array>,
  b: View<Float32Array>,
  out: View<Float32Array>,
): void {
  const rows = m - (m % 4);
  const columns = n - (n % 4);
  for (let row = 0; row < rows; row += 4)
    for (let column = 0; column < columns; column += 4) addTile(k, a, row, b, column, out);
  for (let row = 0; row < m; row++)
    for (let column = row < rows ? columns : 0; column < n; column++) addElement(k, a, row, b, column, out);
}

function addElement(
  k: number,
  a: View<Float32Array>,
  row: number,
  b: View<Float32Array>,
  column: number,
  out: View<Float32Array>,
): void {
  const x = a.values;
  const y = b.values;
  const at = out.offset + row * out.row + column * out.column;
  let sum = out.values[at]!;
  let p = a.offset + row * a.row;
  let q = b.offset + column * b.column;
  for (let inner = 0; inner < k; inner++, p += a.column, q += b.row) sum = f(sum + f(x[p]! * y[q]!));
  out.values[at] = sum;
}

/** Sums in 16 local variables, which the compiler keeps in registers. */
function addTile(
  k: number,
  a: View<Float32Array>,
  row: number,
  b: View<Float32Array>,
  column: number,
  out: View<Float32Array>,
): void {
  const x = a.values;
  const y = b.values;
  const z = out.values;
  const o0 = out.offset + row * out.row + column * out.column;
  const o1 = o0 + out.row;
  const o2 = o1 + out.row;
  const o3 = o2 + out.row;
  let s00 = z[o0]!;
  let s01 = z[o0 + 1]!;
  let s02 = z[o0 + 2]!;
  let s03 = z[o0 + 3]!;
  let s10 = z[o1]!;
  let s11 = z[o1 + 1]!;
  let s12 = z[o1 + 2]!;
  let s13 = z[o1 + 3]!;
  let s20 = z[o2]!;
  let s21 = z[o2 + 1]!;
  let s22 = z[o2 + 2]!;
  let s23 = z[o2 + 3]!;
  let s30 = z[o3]!;
  let s31 = z[o3 + 1]!;
  let s32 = z[o3 + 2]!;
  let s33 = z[o3 + 3]!;
  const { row: a1, column: aStep } = a;
  const { row: bStep, column: b1 } = b;
  const a2 = 2 * a1;
  const a3 = 3 * a1;
  const b2 = 2 * b1;
  const b3 = 3 * b1;
  let p = a.offset + row * a1;
  let q = b.offset + column * b1;
  for (let inner = 0; inner < k; inner++, p += aStep, q += bStep) {
    const y0 = y[q]!;
    const y1 = y[q + b1]!;
    const y2 = y[q + b2]!;
    const y3 = y[q + b3]!;
    const x0 = x[p]!;
    s00 = f(s00 + f(x0 * y0));
    s01 = f(s01 + f(x0 * y1));
    s02 = f(s02 + f(x0 * y2));
    s03 = f(s03 + f(x0 * y3));
    const x1 = x[p + a1]!;
    s10 = f(s10 + f(x1 * y0));
    s11 = f(s11 + f(x1 * y1));
    s12 = f(s12 + f(x1 * y2));
    s13 = f(s13 + f(x1 * y3));
    const x2 = x[p + a2]!;
    s20 = f(s20 + f(x2 * y0));
    s21 = f(s21 + f(x2 * y1));
    s22 = f(s22 + f(x2 * y2));
    s23 = f(s23 + f(x2 * y3));
    const x3 = x[p + a3]!;
    s30 = f(s30 + f(x3 * y0));
    s31 = f(s31 + f(x3 * y1));
    s32 = f(s32 + f(x3 * y2));
    s33 = f(s33 + f(x3 * y3));
  }
  z[o0] = s00;
  z[o0 + 1] = s01;
  z[o0 + 2] = s02;
  z[o0 + 3] = s03;
  z[o1] = s10;
  z[o1 + 1] = s11;
  z[o1 + 2] = s12;
  z[o1 + 3] = s13;
  z[o2] = s20;
  z[o2 + 1] = s21;
  z[o2 + 2] = s22;
  z[o2 + 3] = s23;
  z[o3] = s30;
  z[o3 + 1] = s31;
  z[o3 + 2] = s32;
  z[o3 + 3] = s33;
}
