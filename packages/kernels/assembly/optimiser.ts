// Updates of parameters. Every element is computed as by the loop in src/optimiser/, each operation rounded.

/**
 * One update by Adam on `n` elements; `out` holds the changes, and `row` bytes further on the next means, and again the
 * next mean squares.
 */
export function adam(
  p: usize, g: usize, m: usize, s: usize, out: usize, row: usize, n: i32,
  keep1: f32, take1: f32, keep2: f32, take2: f32, scale: f32, rootScale: f32, epsilon: f32, shrink: f32,
): void {
  const end = out + (<usize>(n & ~3) << 2);
  while (out < end) {
    const g4 = v128.load(g);
    const m4 = f32x4.add(f32x4.mul(f32x4.splat(keep1), v128.load(m)), f32x4.mul(f32x4.splat(take1), g4));
    const s4 = f32x4.add(f32x4.mul(f32x4.splat(keep2), v128.load(s)), f32x4.mul(f32x4.splat(take2), f32x4.mul(g4, g4)));
    const root = f32x4.add(f32x4.mul(f32x4.sqrt(s4), f32x4.splat(rootScale)), f32x4.splat(epsilon));
    const step = f32x4.div(f32x4.mul(f32x4.splat(scale), m4), root);
    v128.store(out, f32x4.sub(step, f32x4.mul(f32x4.splat(shrink), v128.load(p))));
    v128.store(out + row, m4);
    v128.store(out + row + row, s4);
    p += 16;
    g += 16;
    m += 16;
    s += 16;
    out += 16;
  }
  for (let rest = n & 3; rest > 0; rest--) {
    const g1 = load<f32>(g);
    const m1 = keep1 * load<f32>(m) + take1 * g1;
    const s1 = keep2 * load<f32>(s) + take2 * (g1 * g1);
    const root = sqrt(s1) * rootScale + epsilon;
    store<f32>(out, (scale * m1) / root - shrink * load<f32>(p));
    store<f32>(out + row, m1);
    store<f32>(out + row + row, s1);
    p += 4;
    g += 4;
    m += 4;
    s += 4;
    out += 4;
  }
}
