import type { Data } from "../dtype.ts";

/**
 * `out[o + i] = f(a[p + i * s], b[q + i * t])` for `i < n`; one loop per function, so that engines inline it.
 */
export type BinaryLoop = (
  a: Data,
  p: number,
  s: number,
  b: Data,
  q: number,
  t: number,
  out: Data,
  o: number,
  n: number,
) => void;

export const binaryLoops = {
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
} as const satisfies Record<string, BinaryLoop>;
