import type { Dual } from "../dual.ts";

/** A dual number or a constant, whose derivative is 0. */
export type DualOperand = Dual | number;

/** `a + b` */
export function add(a: DualOperand, b: DualOperand): Dual {
  const [u, v] = [lift(a), lift(b)];
  return { value: u.value + v.value, derivative: u.derivative + v.derivative };
}

/** `a - b` */
export function sub(a: DualOperand, b: DualOperand): Dual {
  return add(a, neg(b));
}

/** `a b` */
export function mul(a: DualOperand, b: DualOperand): Dual {
  const [u, v] = [lift(a), lift(b)];
  return { value: u.value * v.value, derivative: u.derivative * v.value + u.value * v.derivative };
}

/** `a / b` */
export function div(a: DualOperand, b: DualOperand): Dual {
  const [u, v] = [lift(a), lift(b)];
  const value = u.value / v.value;
  return { value, derivative: (u.derivative - value * v.derivative) / v.value };
}

/** `-a` */
export function neg(a: DualOperand): Dual {
  const { value, derivative } = lift(a);
  return { value: -value, derivative: -derivative };
}

/** The larger of both; at a tie the derivative is that of `a`. */
export function max(a: DualOperand, b: DualOperand): Dual {
  const [u, v] = [lift(a), lift(b)];
  return u.value >= v.value ? u : v;
}

/** The smaller of both; at a tie the derivative is that of `a`. */
export function min(a: DualOperand, b: DualOperand): Dual {
  const [u, v] = [lift(a), lift(b)];
  return u.value <= v.value ? u : v;
}

function lift(a: DualOperand): Dual {
  return typeof a === "number" ? { value: a, derivative: 0 } : a;
}
