// Float32 products by tiles of 4 rows x 8 columns. Every element is one chain of rounded products and rounded sums over
// the inner index in increasing order, as in src/gemmReference.ts.

/** Inner length of one pass, so that a panel stays in the first-level cache. */
const DEPTH: i32 = 256;

/** 4 x 8 elements of `c`; strides in bytes. */
function tile4(a: usize, aRow: usize, aInner: usize, b: usize, bInner: usize, c: usize, cRow: usize, k: i32, accumulate: bool): void {
  let a1 = a + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  if (accumulate) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c1);
    s11 = v128.load(c1, 16);
    s20 = v128.load(c2);
    s21 = v128.load(c2, 16);
    s30 = v128.load(c3);
    s31 = v128.load(c3, 16);
  }
  for (; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x0 = v128.load32_splat(a);
    s00 = f32x4.add(s00, f32x4.mul(x0, b0));
    s01 = f32x4.add(s01, f32x4.mul(x0, b1));
    const x1 = v128.load32_splat(a1);
    s10 = f32x4.add(s10, f32x4.mul(x1, b0));
    s11 = f32x4.add(s11, f32x4.mul(x1, b1));
    const x2 = v128.load32_splat(a2);
    s20 = f32x4.add(s20, f32x4.mul(x2, b0));
    s21 = f32x4.add(s21, f32x4.mul(x2, b1));
    const x3 = v128.load32_splat(a3);
    s30 = f32x4.add(s30, f32x4.mul(x3, b0));
    s31 = f32x4.add(s31, f32x4.mul(x3, b1));
    a += aInner;
    a1 += aInner;
    a2 += aInner;
    a3 += aInner;
    b += bInner;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

/** 1 x 8 elements of `c`. */
function tile1(a: usize, aInner: usize, b: usize, bInner: usize, c: usize, k: i32, accumulate: bool): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  if (accumulate) {
    s0 = v128.load(c);
    s1 = v128.load(c, 16);
  }
  for (; k > 0; k--) {
    const x = v128.load32_splat(a);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(b, 16)));
    a += aInner;
    b += bInner;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
}

/** All rows of one panel of 8 columns. */
function panel(m: i32, k: i32, a: usize, aRow: usize, aInner: usize, b: usize, bInner: usize, c: usize, cRow: usize, accumulate: bool): void {
  for (; m >= 4; m -= 4) {
    tile4(a, aRow, aInner, b, bInner, c, cRow, k, accumulate);
    a += aRow << 2;
    c += cRow << 2;
  }
  for (; m > 0; m--) {
    tile1(a, aInner, b, bInner, c, k, accumulate);
    a += aRow;
    c += cRow;
  }
}

/** The last panel, `width` < 8 columns: computed 8 wide in `spare`. */
function narrowPanel(m: i32, k: i32, a: usize, aRow: usize, aInner: usize, b: usize, bInner: usize, c: usize, cRow: usize, width: i32, accumulate: bool, spare: usize): void {
  if (accumulate) copyColumns(m, c, cRow, spare, 32, width);
  panel(m, k, a, aRow, aInner, b, bInner, spare, 32, accumulate);
  copyColumns(m, spare, 32, c, cRow, width);
}

function copyColumns(rows: i32, from: usize, fromRow: usize, to: usize, toRow: usize, width: i32): void {
  for (; rows > 0; rows--) {
    for (let j: usize = 0; j < <usize>width << 2; j += 4) store<f32>(to + j, load<f32>(from + j));
    from += fromRow;
    to += toRow;
  }
}

/** Copies `b` [k, n], or its transpose stored as [n, k], into panels [k, 8]; missing columns of the last one are arbitrary. */
export function pack(n: i32, k: i32, b: usize, transposed: bool, to: usize): void {
  for (let column = 0; column < n; column += 8) {
    const width = min(8, n - column);
    if (transposed) packRows(b + (<usize>column * k << 2), k, width, to);
    else if (width === 8) packColumns(b + (<usize>column << 2), <usize>n << 2, k, to);
    else copyColumns(k, b + (<usize>column << 2), <usize>n << 2, to, 32, width);
    to += <usize>k << 5;
  }
}

function packColumns(b: usize, bInner: usize, k: i32, to: usize): void {
  for (; k > 0; k--) {
    v128.store(to, v128.load(b));
    v128.store(to, v128.load(b, 16), 16);
    b += bInner;
    to += 32;
  }
}

function packRows(b: usize, k: i32, width: i32, to: usize): void {
  const row = <usize>k << 2;
  const b1 = b + <usize>min(1, width - 1) * row;
  const b2 = b + <usize>min(2, width - 1) * row;
  const b3 = b + <usize>min(3, width - 1) * row;
  const b4 = b + <usize>min(4, width - 1) * row;
  const b5 = b + <usize>min(5, width - 1) * row;
  const b6 = b + <usize>min(6, width - 1) * row;
  const b7 = b + <usize>min(7, width - 1) * row;
  for (let at: usize = 0; at < row; at += 4) {
    store<f32>(to, load<f32>(b + at));
    store<f32>(to, load<f32>(b1 + at), 4);
    store<f32>(to, load<f32>(b2 + at), 8);
    store<f32>(to, load<f32>(b3 + at), 12);
    store<f32>(to, load<f32>(b4 + at), 16);
    store<f32>(to, load<f32>(b5 + at), 20);
    store<f32>(to, load<f32>(b6 + at), 24);
    store<f32>(to, load<f32>(b7 + at), 28);
    to += 32;
  }
}

/**
 * `c` [m, n] = `a` `b`, plus `c` with `accumulate`. Element (i, j) of `a` stands at a + i * aRow + j * aInner; panel p of `b`
 * starts at b + p * bPanel and its rows are bInner apart. `spare` holds m x 8 elements if n is no multiple of 8.
 */
export function gemm(m: i32, n: i32, k: i32, a: usize, aRow: usize, aInner: usize, b: usize, bInner: usize, bPanel: usize, c: usize, accumulate: bool, spare: usize): void {
  const cRow = <usize>n << 2;
  let inner = 0;
  do {
    const depth = min(DEPTH, k - inner);
    let from = b;
    for (let column = 0; column < n; column += 8) {
      const to = c + (<usize>column << 2);
      const width = n - column;
      if (width < 8) narrowPanel(m, depth, a, aRow, aInner, from, bInner, to, cRow, width, accumulate, spare);
      else panel(m, depth, a, aRow, aInner, from, bInner, to, cRow, accumulate);
      from += bPanel;
    }
    a += <usize>depth * aInner;
    b += <usize>depth * bInner;
    accumulate = true;
    inner += DEPTH;
  } while (inner < k);
}
