/** Elements of any dtype. */
export type Values = Float32Array | Float64Array | Int32Array | Uint8Array | Int8Array;

/** `out[o + i] = f(a[p + i * s], b[q + i * t])` for `i < n`. */
export type BinaryLoop = (
  a: Values,
  p: number,
  s: number,
  b: Values,
  q: number,
  t: number,
  out: Values,
  o: number,
  n: number,
) => void;

/** Names that `mapBinary` knows; `gate` is `a` where `b` is above 0, else 0. */
export type BinaryName =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "maximum"
  | "minimum"
  | "gate"
  | "equal"
  | "notEqual"
  | "less"
  | "lessEqual"
  | "greater"
  | "greaterEqual"
  | "logicalAnd"
  | "logicalOr";

// One loop per function, written out: a shared loop that takes the function as an argument is not inlined.
export const binaryLoops: Readonly<Record<BinaryName, BinaryLoop>> = {
  add: (a, p, s, b, q, t, out, o, n) => {
    for (let i = 0; i < n; i++) out[o + i] = a[p + i * s]! + b[q + i * t]!;
  },
  sub: (a, p, s, b, q, t, out, o, n) => {
    for (let i = 0; i < n; i++) out[o + i] = a[p + i * s]! - b[q + i * t]!;
  },
  mul: (a, p, s, b, q, t, out, o, n) => {
    for (let i = 0; i < n; i++) out[o + i] = a[p + i * s]! * b[q + i * t]!;
  },
  div: (a, p, s, b, q, t, out, o, n) => {
    for (let i = 0; i < n; i++) out[o + i] = a[p + i * s]! / b[q + i * t]!;
  },
  maximum: (a, p, s, b, q, t, out, o, n) => {
    for (let i = 0; i < n; i++) out[o + i] = Math.max(a[p + i * s]!, b[q + i * t]!);
  },
  minimum: (a, p, s, b, q, t, out, o, n) => {
    for (let i = 0; i < n; i++) out[o + i] = Math.min(a[p + i * s]!, b[q + i * t]!);
  },
  gate: (a, p, s, b, q, t, out, o, n) => {
    for (let i = 0; i < n; i++) out[o + i] = b[q + i * t]! > 0 ? a[p + i * s]! : 0;
  },
  equal: (a, p, s, b, q, t, out, o, n) => {
    for (let i = 0; i < n; i++) out[o + i] = a[p + i * s] === b[q + i * t] ? 1 : 0;
  },
  notEqual: (a, p, s, b, q, t, out, o, n) => {
    for (let i = 0; i < n; i++) out[o + i] = a[p + i * s] === b[q + i * t] ? 0 : 1;
  },
  less: (a, p, s, b, q, t, out, o, n) => {
    for (let i = 0; i < n; i++) out[o + i] = a[p + i * s]! < b[q + i * t]! ? 1 : 0;
  },
  lessEqual: (a, p, s, b, q, t, out, o, n) => {
    for (let i = 0; i < n; i++) out[o + i] = a[p + i * s]! <= b[q + i * t]! ? 1 : 0;
  },
  greater: (a, p, s, b, q, t, out, o, n) => {
    for (let i = 0; i < n; i++) out[o + i] = a[p + i * s]! > b[q + i * t]! ? 1 : 0;
  },
  greaterEqual: (a, p, s, b, q, t, out, o, n) => {
    for (let i = 0; i < n; i++) out[o + i] = a[p + i * s]! >= b[q + i * t]! ? 1 : 0;
  },
  logicalAnd: (a, p, s, b, q, t, out, o, n) => {
    for (let i = 0; i < n; i++) out[o + i] = a[p + i * s] !== 0 && b[q + i * t] !== 0 ? 1 : 0;
  },
  logicalOr: (a, p, s, b, q, t, out, o, n) => {
    for (let i = 0; i < n; i++) out[o + i] = a[p + i * s] !== 0 || b[q + i * t] !== 0 ? 1 : 0;
  },
};
