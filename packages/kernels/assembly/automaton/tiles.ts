// Rows times a matrix: `out = bias + x w`, one chain of rounded products and sums per element, over the inner index in
// increasing order. All steps in bytes; the width of `w` is a multiple of 32.

/** What happens to a finished element: it is stored, stored if positive, or added to `out` times the row's gate. */
const PLAIN = 0;
const RECTIFIED = 1;
const MIXED = 2;

@inline function finish(sum: v128, out: usize, gate: f32, mode: i32): void {
  if (mode === PLAIN) v128.store(out, sum);
  else if (mode === RECTIFIED) v128.store(out, f32x4.pmax(sum, f32x4.splat(0)));
  else v128.store(out, f32x4.add(v128.load(out), f32x4.mul(sum, f32x4.splat(gate))));
}

@inline function four(
  x0: usize, x1: usize, x2: usize, x3: usize, inner: usize, w: usize, bias: usize, width: usize,
  o0: usize, o1: usize, o2: usize, o3: usize, g0: f32, g1: f32, g2: f32, g3: f32, mode: i32,
): void {
  for (let j: usize = 0; j < width; j += 32) {
    let s00 = v128.load(bias + j);
    let s01 = v128.load(bias + j, 16);
    let s10 = s00;
    let s11 = s01;
    let s20 = s00;
    let s21 = s01;
    let s30 = s00;
    let s31 = s01;
    let from = w + j;
    for (let k: usize = 0; k < inner; k += 4) {
      const w0 = v128.load(from);
      const w1 = v128.load(from, 16);
      const a0 = v128.load32_splat(x0 + k);
      s00 = f32x4.add(s00, f32x4.mul(a0, w0));
      s01 = f32x4.add(s01, f32x4.mul(a0, w1));
      const a1 = v128.load32_splat(x1 + k);
      s10 = f32x4.add(s10, f32x4.mul(a1, w0));
      s11 = f32x4.add(s11, f32x4.mul(a1, w1));
      const a2 = v128.load32_splat(x2 + k);
      s20 = f32x4.add(s20, f32x4.mul(a2, w0));
      s21 = f32x4.add(s21, f32x4.mul(a2, w1));
      const a3 = v128.load32_splat(x3 + k);
      s30 = f32x4.add(s30, f32x4.mul(a3, w0));
      s31 = f32x4.add(s31, f32x4.mul(a3, w1));
      from += width;
    }
    finish(s00, o0 + j, g0, mode);
    finish(s01, o0 + j + 16, g0, mode);
    finish(s10, o1 + j, g1, mode);
    finish(s11, o1 + j + 16, g1, mode);
    finish(s20, o2 + j, g2, mode);
    finish(s21, o2 + j + 16, g2, mode);
    finish(s30, o3 + j, g3, mode);
    finish(s31, o3 + j + 16, g3, mode);
  }
}

/** One row: as many columns at once as keep both adders busy. */
@inline function one(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize, gate: f32, mode: i32): void {
  let j: usize = 0;
  for (; j + 128 <= width; j += 128) {
    let s0 = v128.load(bias + j);
    let s1 = v128.load(bias + j, 16);
    let s2 = v128.load(bias + j, 32);
    let s3 = v128.load(bias + j, 48);
    let s4 = v128.load(bias + j, 64);
    let s5 = v128.load(bias + j, 80);
    let s6 = v128.load(bias + j, 96);
    let s7 = v128.load(bias + j, 112);
    let from = w + j;
    for (let k: usize = 0; k < inner; k += 4) {
      const a = v128.load32_splat(x + k);
      s0 = f32x4.add(s0, f32x4.mul(a, v128.load(from)));
      s1 = f32x4.add(s1, f32x4.mul(a, v128.load(from, 16)));
      s2 = f32x4.add(s2, f32x4.mul(a, v128.load(from, 32)));
      s3 = f32x4.add(s3, f32x4.mul(a, v128.load(from, 48)));
      s4 = f32x4.add(s4, f32x4.mul(a, v128.load(from, 64)));
      s5 = f32x4.add(s5, f32x4.mul(a, v128.load(from, 80)));
      s6 = f32x4.add(s6, f32x4.mul(a, v128.load(from, 96)));
      s7 = f32x4.add(s7, f32x4.mul(a, v128.load(from, 112)));
      from += width;
    }
    const o = out + j;
    finish(s0, o, gate, mode);
    finish(s1, o + 16, gate, mode);
    finish(s2, o + 32, gate, mode);
    finish(s3, o + 48, gate, mode);
    finish(s4, o + 64, gate, mode);
    finish(s5, o + 80, gate, mode);
    finish(s6, o + 96, gate, mode);
    finish(s7, o + 112, gate, mode);
  }
  for (; j < width; j += 32) {
    let s0 = v128.load(bias + j);
    let s1 = v128.load(bias + j, 16);
    let from = w + j;
    for (let k: usize = 0; k < inner; k += 4) {
      const a = v128.load32_splat(x + k);
      s0 = f32x4.add(s0, f32x4.mul(a, v128.load(from)));
      s1 = f32x4.add(s1, f32x4.mul(a, v128.load(from, 16)));
      from += width;
    }
    finish(s0, out + j, gate, mode);
    finish(s1, out + j + 16, gate, mode);
  }
}

/** Four consecutive rows of `x` and `out`. */
export function plain4(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  const x2 = x + 2 * inner;
  const o2 = out + 2 * width;
  four(x, x + inner, x2, x2 + inner, inner, w, bias, width, out, out + width, o2, o2 + width, 1, 1, 1, 1, PLAIN);
}

export function plain1(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  one(x, inner, w, bias, width, out, 1, PLAIN);
}

/** Rows of `x` anywhere, consecutive rows of `out`. */
export function rectified4(x0: usize, x1: usize, x2: usize, x3: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  const o2 = out + 2 * width;
  four(x0, x1, x2, x3, inner, w, bias, width, out, out + width, o2, o2 + width, 1, 1, 1, 1, RECTIFIED);
}

export function rectified1(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  one(x, inner, w, bias, width, out, 1, RECTIFIED);
}

/** Consecutive rows of `x`, rows of `out` anywhere. */
export function mixed4(x: usize, inner: usize, w: usize, bias: usize, width: usize, o0: usize, o1: usize, o2: usize, o3: usize, g0: f32, g1: f32, g2: f32, g3: f32): void {
  const x2 = x + 2 * inner;
  four(x, x + inner, x2, x2 + inner, inner, w, bias, width, o0, o1, o2, o3, g0, g1, g2, g3, MIXED);
}

export function mixed1(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize, gate: f32): void {
  one(x, inner, w, bias, width, out, gate, MIXED);
}

/** Any number of consecutive rows. */
export function plainRows(rows: i32, x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  for (; rows >= 4; rows -= 4) {
    plain4(x, inner, w, bias, width, out);
    x += inner << 2;
    out += width << 2;
  }
  for (; rows > 0; rows--) {
    plain1(x, inner, w, bias, width, out);
    x += inner;
    out += width;
  }
}
