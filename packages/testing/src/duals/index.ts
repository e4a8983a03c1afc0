export { add, sub, mul, div, neg, max, min } from "./arithmetic.ts";
export {
  exp,
  log,
  sqrt,
  square,
  reciprocal,
  pow,
  abs,
  sign,
  sin,
  cos,
  tanh,
  sigmoid,
  relu,
  silu,
  erf,
  gelu,
} from "./functions.ts";
