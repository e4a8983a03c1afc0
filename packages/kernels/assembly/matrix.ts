// Float32 products by tiles of 4 rows x 8 columns. Every element is one chain of rounded products and rounded sums over
// the inner index in increasing order, as in src/matrix/gemm-reference.ts.
//
// The rows of a tile stand a fixed distance apart, so that one register addresses them all and V8 can unroll the loop: with
// a register for each row, it is a fifth slower. A transposed `a` is so as it stands, and so are rows of 32, 64, 96 or 128
// elements; others pass through a block.
//
// Where no more than four columns are left over, tiles have 8 rows and 4 columns: ten classes need 12 columns, not 16.
//
// With relaxed SIMD (assembly/fast) tiles have 6 rows, and a product and its sum are one instruction.

import { plusProduct } from "./product";

/** Inner length of one pass, so that a panel of `b` and a block stay in the first-level cache. */
const DEPTH: i32 = 256;
/** Rows of a block. */
const ROWS: i32 = 16;
/** Distance of rows in the block: no power of 2, so that they fall into different sets of the cache. */
const APART: usize = 1088;

const BLOCK: usize = memory.data(17408, 64);
/** Tiles whose columns are not all wanted. */
const SPARE: usize = memory.data(512, 64);

// Where the rows of a tile come from: the block, a transposed matrix, or, where they stand, rows of a usual length. These
// types stand for distances only, which have to be constants.
type Block = v128;
type Transposed = f32;
type Rows32 = i8;
type Rows64 = i16;
type Rows96 = u8;
type Rows128 = u16;

/** Distance of these rows. */
@inline function apart<From>(): usize {
  if (sizeof<From>() === 16) return APART;
  if (sizeof<From>() === 4) return 4;
  if (sizeof<From>() === 1) return isSigned<From>() ? 128 : 384;
  return isSigned<From>() ? 256 : 512;
}

/** 4 x 8 elements of `c`. */
@inline function four<From>(a: usize, aInner: usize, b: usize, bInner: usize, c: usize, cRow: usize, k: i32, accumulate: bool): void {
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
  if (k > 0) {
    const end = b + <usize>k * bInner;
    do {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const x0 = v128.load32_splat(a);
      s00 = plusProduct(s00, x0, b0);
      s01 = plusProduct(s01, x0, b1);
      const x1 = v128.load32_splat(a, 1 * apart<From>());
      s10 = plusProduct(s10, x1, b0);
      s11 = plusProduct(s11, x1, b1);
      const x2 = v128.load32_splat(a, 2 * apart<From>());
      s20 = plusProduct(s20, x2, b0);
      s21 = plusProduct(s21, x2, b1);
      const x3 = v128.load32_splat(a, 3 * apart<From>());
      s30 = plusProduct(s30, x3, b0);
      s31 = plusProduct(s31, x3, b1);
      a += aInner;
      b += bInner;
    } while (b < end);
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

/** 6 x 8 elements of `c`: only sums that are one instruction leave registers for them. */
@inline function six<From>(a: usize, aInner: usize, b: usize, bInner: usize, c: usize, cRow: usize, k: i32, accumulate: bool): void {
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  const c4 = c3 + cRow;
  const c5 = c4 + cRow;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  let s40 = s00;
  let s41 = s00;
  let s50 = s00;
  let s51 = s00;
  if (accumulate) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c1);
    s11 = v128.load(c1, 16);
    s20 = v128.load(c2);
    s21 = v128.load(c2, 16);
    s30 = v128.load(c3);
    s31 = v128.load(c3, 16);
    s40 = v128.load(c4);
    s41 = v128.load(c4, 16);
    s50 = v128.load(c5);
    s51 = v128.load(c5, 16);
  }
  if (k > 0) {
    const end = b + <usize>k * bInner;
    do {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const x0 = v128.load32_splat(a);
      s00 = plusProduct(s00, x0, b0);
      s01 = plusProduct(s01, x0, b1);
      const x1 = v128.load32_splat(a, 1 * apart<From>());
      s10 = plusProduct(s10, x1, b0);
      s11 = plusProduct(s11, x1, b1);
      const x2 = v128.load32_splat(a, 2 * apart<From>());
      s20 = plusProduct(s20, x2, b0);
      s21 = plusProduct(s21, x2, b1);
      const x3 = v128.load32_splat(a, 3 * apart<From>());
      s30 = plusProduct(s30, x3, b0);
      s31 = plusProduct(s31, x3, b1);
      const x4 = v128.load32_splat(a, 4 * apart<From>());
      s40 = plusProduct(s40, x4, b0);
      s41 = plusProduct(s41, x4, b1);
      const x5 = v128.load32_splat(a, 5 * apart<From>());
      s50 = plusProduct(s50, x5, b0);
      s51 = plusProduct(s51, x5, b1);
      a += aInner;
      b += bInner;
    } while (b < end);
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
  v128.store(c4, s40);
  v128.store(c4, s41, 16);
  v128.store(c5, s50);
  v128.store(c5, s51, 16);
}

/** 8 x 4 elements of `c`. */
@inline function eight<From>(a: usize, aInner: usize, b: usize, bInner: usize, c: usize, cRow: usize, k: i32, accumulate: bool): void {
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  const c4 = c3 + cRow;
  const c5 = c4 + cRow;
  const c6 = c5 + cRow;
  const c7 = c6 + cRow;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  if (accumulate) {
    s0 = v128.load(c);
    s1 = v128.load(c1);
    s2 = v128.load(c2);
    s3 = v128.load(c3);
    s4 = v128.load(c4);
    s5 = v128.load(c5);
    s6 = v128.load(c6);
    s7 = v128.load(c7);
  }
  if (k > 0) {
    const end = b + <usize>k * bInner;
    do {
      const y = v128.load(b);
      s0 = plusProduct(s0, v128.load32_splat(a), y);
      s1 = plusProduct(s1, v128.load32_splat(a, 1 * apart<From>()), y);
      s2 = plusProduct(s2, v128.load32_splat(a, 2 * apart<From>()), y);
      s3 = plusProduct(s3, v128.load32_splat(a, 3 * apart<From>()), y);
      s4 = plusProduct(s4, v128.load32_splat(a, 4 * apart<From>()), y);
      s5 = plusProduct(s5, v128.load32_splat(a, 5 * apart<From>()), y);
      s6 = plusProduct(s6, v128.load32_splat(a, 6 * apart<From>()), y);
      s7 = plusProduct(s7, v128.load32_splat(a, 7 * apart<From>()), y);
      a += aInner;
      b += bInner;
    } while (b < end);
  }
  v128.store(c, s0);
  v128.store(c1, s1);
  v128.store(c2, s2);
  v128.store(c3, s3);
  v128.store(c4, s4);
  v128.store(c5, s5);
  v128.store(c6, s6);
  v128.store(c7, s7);
}

/** 1 x 8 elements of `c`. */
@inline function one(a: usize, aInner: usize, b: usize, bInner: usize, c: usize, k: i32, accumulate: bool): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  if (accumulate) {
    s0 = v128.load(c);
    s1 = v128.load(c, 16);
  }
  for (; k > 0; k--) {
    const x = v128.load32_splat(a);
    s0 = plusProduct(s0, x, v128.load(b));
    s1 = plusProduct(s1, x, v128.load(b, 16));
    a += aInner;
    b += bInner;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
}

/** Rows of one panel of 8 columns; where it is `narrow`, only the first four are wanted. */
@inline function panelFrom<From>(m: i32, k: i32, a: usize, aInner: usize, b: usize, bInner: usize, c: usize, cRow: usize, accumulate: bool, narrow: bool): void {
  if (narrow) {
    for (; m >= 8; m -= 8) {
      eight<From>(a, aInner, b, bInner, c, cRow, k, accumulate);
      a += 8 * apart<From>();
      c += 8 * cRow;
    }
  }
  if (ASC_FEATURE_RELAXED_SIMD) {
    for (; m === 6 || m >= 10; m -= 6) {
      six<From>(a, aInner, b, bInner, c, cRow, k, accumulate);
      a += 6 * apart<From>();
      c += 6 * cRow;
    }
  }
  for (; m >= 4; m -= 4) {
    four<From>(a, aInner, b, bInner, c, cRow, k, accumulate);
    a += 4 * apart<From>();
    c += cRow << 2;
  }
  for (; m > 0; m--) {
    one(a, aInner, b, bInner, c, k, accumulate);
    a += apart<From>();
    c += cRow;
  }
}

function transposedPanel(m: i32, k: i32, a: usize, aInner: usize, b: usize, bInner: usize, c: usize, cRow: usize, accumulate: bool, narrow: bool): void {
  panelFrom<Transposed>(m, k, a, aInner, b, bInner, c, cRow, accumulate, narrow);
}
function blockPanel(m: i32, k: i32, b: usize, bInner: usize, c: usize, cRow: usize, accumulate: bool, narrow: bool): void {
  panelFrom<Block>(m, k, BLOCK, 4, b, bInner, c, cRow, accumulate, narrow);
}
function panel32(m: i32, k: i32, a: usize, b: usize, bInner: usize, c: usize, cRow: usize, accumulate: bool, narrow: bool): void {
  panelFrom<Rows32>(m, k, a, 4, b, bInner, c, cRow, accumulate, narrow);
}
function panel64(m: i32, k: i32, a: usize, b: usize, bInner: usize, c: usize, cRow: usize, accumulate: bool, narrow: bool): void {
  panelFrom<Rows64>(m, k, a, 4, b, bInner, c, cRow, accumulate, narrow);
}
function panel96(m: i32, k: i32, a: usize, b: usize, bInner: usize, c: usize, cRow: usize, accumulate: bool, narrow: bool): void {
  panelFrom<Rows96>(m, k, a, 4, b, bInner, c, cRow, accumulate, narrow);
}
function panel128(m: i32, k: i32, a: usize, b: usize, bInner: usize, c: usize, cRow: usize, accumulate: bool, narrow: bool): void {
  panelFrom<Rows128>(m, k, a, 4, b, bInner, c, cRow, accumulate, narrow);
}

/** Whether tiles take rows where they stand. */
@inline function inPlace(aRow: usize): bool {
  return aRow === 384 || aRow === 128 || aRow === 256 || aRow === 512;
}

@inline function panel(m: i32, k: i32, a: usize, aRow: usize, aInner: usize, b: usize, bInner: usize, c: usize, cRow: usize, accumulate: bool, narrow: bool): void {
  if (aInner !== 4) transposedPanel(m, k, a, aInner, b, bInner, c, cRow, accumulate, narrow);
  else if (aRow === 128) panel32(m, k, a, b, bInner, c, cRow, accumulate, narrow);
  else if (aRow === 256) panel64(m, k, a, b, bInner, c, cRow, accumulate, narrow);
  else if (aRow === 384) panel96(m, k, a, b, bInner, c, cRow, accumulate, narrow);
  else if (aRow === 512) panel128(m, k, a, b, bInner, c, cRow, accumulate, narrow);
  else blockPanel(m, k, b, bInner, c, cRow, accumulate, narrow);
}

/** Up to `ROWS` rows of `c`. */
function band(m: i32, n: i32, k: i32, a: usize, aRow: usize, aInner: usize, b: usize, bInner: usize, bPanel: usize, c: usize, accumulate: bool): void {
  const cRow = <usize>n << 2;
  if (aInner === 4 && !inPlace(aRow)) enter(m, a, aRow, k);
  for (; n >= 8; n -= 8) {
    panel(m, k, a, aRow, aInner, b, bInner, c, cRow, accumulate, false);
    b += bPanel;
    c += 32;
  }
  if (n === 0) return;
  if (accumulate) copyColumns(m, c, cRow, SPARE, 32, n);
  panel(m, k, a, aRow, aInner, b, bInner, SPARE, 32, accumulate, n <= 4);
  copyColumns(m, SPARE, 32, c, cRow, n);
}

/** Copies rows of `k` elements into the block. */
function enter(rows: i32, a: usize, aRow: usize, k: i32): void {
  const bytes = <usize>k << 2;
  const most = bytes & ~31;
  for (let to = BLOCK; rows > 0; rows--) {
    let i: usize = 0;
    for (; i < most; i += 32) {
      v128.store(to + i, v128.load(a + i));
      v128.store(to + i, v128.load(a + i, 16), 16);
    }
    for (; i < bytes; i += 4) store<f32>(to + i, load<f32>(a + i));
    a += aRow;
    to += APART;
  }
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
 * `c` [m, n] = `a` `b`, plus `c` with `accumulate`. Element (i, j) of `a` stands at a + i * aRow + j * aInner, and one of
 * these distances is 4; panel p of `b` starts at b + p * bPanel and its rows are bInner apart.
 */
export function gemm(m: i32, n: i32, k: i32, a: usize, aRow: usize, aInner: usize, b: usize, bInner: usize, bPanel: usize, c: usize, accumulate: bool): void {
  let inner = 0;
  do {
    const depth = min(DEPTH, k - inner);
    for (let i = 0; i < m; i += ROWS) {
      band(min(ROWS, m - i), n, depth, a + <usize>i * aRow, aRow, aInner, b, bInner, bPanel, c + (<usize>i * n << 2), accumulate);
    }
    a += <usize>depth * aInner;
    b += <usize>depth * bInner;
    accumulate = true;
    inner += DEPTH;
  } while (inner < k);
}
