// Functions of one and two float32 operands, element by element. Addresses and steps in bytes: a step is 4, or 0 where one
// element stands for all. Exactly `n` elements are written.

const ADD = 0;
const SUB = 1;
const MUL = 2;
const DIV = 3;
const MAXIMUM = 4;
const MINIMUM = 5;
const GATE = 6;

@inline function combine4(f: i32, x: v128, y: v128): v128 {
  if (f == ADD) return f32x4.add(x, y);
  if (f == SUB) return f32x4.sub(x, y);
  if (f == MUL) return f32x4.mul(x, y);
  if (f == DIV) return f32x4.div(x, y);
  if (f == MAXIMUM) return f32x4.max(x, y);
  if (f == MINIMUM) return f32x4.min(x, y);
  return v128.and(x, f32x4.gt(y, f32x4.splat(0)));
}

@inline function combine(f: i32, x: f32, y: f32): f32 {
  if (f == ADD) return x + y;
  if (f == SUB) return x - y;
  if (f == MUL) return x * y;
  if (f == DIV) return x / y;
  if (f == MAXIMUM) return max(x, y);
  if (f == MINIMUM) return min(x, y);
  return y > 0 ? x : 0;
}

@inline function binary(f: i32, a: usize, s: usize, b: usize, t: usize, out: usize, n: i32): void {
  const whole = n & ~3;
  if (s != 0 && t != 0) {
    for (let i: usize = 0; i < <usize>whole << 2; i += 16) v128.store(out + i, combine4(f, v128.load(a + i), v128.load(b + i)));
  } else if (s != 0) {
    const y = v128.load32_splat(b);
    for (let i: usize = 0; i < <usize>whole << 2; i += 16) v128.store(out + i, combine4(f, v128.load(a + i), y));
  } else if (t != 0) {
    const x = v128.load32_splat(a);
    for (let i: usize = 0; i < <usize>whole << 2; i += 16) v128.store(out + i, combine4(f, x, v128.load(b + i)));
  } else {
    const z = combine4(f, v128.load32_splat(a), v128.load32_splat(b));
    for (let i: usize = 0; i < <usize>whole << 2; i += 16) v128.store(out + i, z);
  }
  for (let i = whole; i < n; i++) {
    store<f32>(out + (<usize>i << 2), combine(f, load<f32>(a + <usize>i * s), load<f32>(b + <usize>i * t)));
  }
}

@inline function eachRow(f: i32, a: usize, aRow: usize, aStep: usize, b: usize, bRow: usize, bStep: usize, out: usize, rows: i32, n: i32): void {
  for (; rows > 0; rows--) {
    binary(f, a, aStep, b, bStep, out, n);
    a += aRow;
    b += bRow;
    out += <usize>n << 2;
  }
}

export function add(a: usize, aRow: usize, aStep: usize, b: usize, bRow: usize, bStep: usize, out: usize, rows: i32, n: i32): void {
  eachRow(ADD, a, aRow, aStep, b, bRow, bStep, out, rows, n);
}

export function sub(a: usize, aRow: usize, aStep: usize, b: usize, bRow: usize, bStep: usize, out: usize, rows: i32, n: i32): void {
  eachRow(SUB, a, aRow, aStep, b, bRow, bStep, out, rows, n);
}

export function mul(a: usize, aRow: usize, aStep: usize, b: usize, bRow: usize, bStep: usize, out: usize, rows: i32, n: i32): void {
  eachRow(MUL, a, aRow, aStep, b, bRow, bStep, out, rows, n);
}

export function div(a: usize, aRow: usize, aStep: usize, b: usize, bRow: usize, bStep: usize, out: usize, rows: i32, n: i32): void {
  eachRow(DIV, a, aRow, aStep, b, bRow, bStep, out, rows, n);
}

export function maximum(a: usize, aRow: usize, aStep: usize, b: usize, bRow: usize, bStep: usize, out: usize, rows: i32, n: i32): void {
  eachRow(MAXIMUM, a, aRow, aStep, b, bRow, bStep, out, rows, n);
}

export function minimum(a: usize, aRow: usize, aStep: usize, b: usize, bRow: usize, bStep: usize, out: usize, rows: i32, n: i32): void {
  eachRow(MINIMUM, a, aRow, aStep, b, bRow, bStep, out, rows, n);
}

/** `a` where `b` is above 0, else 0. */
export function gate(a: usize, aRow: usize, aStep: usize, b: usize, bRow: usize, bStep: usize, out: usize, rows: i32, n: i32): void {
  eachRow(GATE, a, aRow, aStep, b, bRow, bStep, out, rows, n);
}

// Of one operand: lengths in bytes; a last group of less than four is computed whole.

export function neg(x: usize, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.neg(v128.load(x + i)));
}

export function abs(x: usize, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.abs(v128.load(x + i)));
}

export function sqrt(x: usize, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.sqrt(v128.load(x + i)));
}

export function square(x: usize, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const v = v128.load(x + i);
    v128.store(out + i, f32x4.mul(v, v));
  }
}

export function reciprocal(x: usize, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.div(f32x4.splat(1), v128.load(x + i)));
}

export function relu(x: usize, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.max(v128.load(x + i), f32x4.splat(0)));
}
