export {
  abs, add, div, gate, maximum, minimum, mul, neg, reciprocal, relu, sqrt, square, sub,
} from "./elementwise";
export { addRows, takeRows } from "./gather";
export { cellMask } from "./mask";
export { gemm, pack } from "./matrix";
export { adam } from "./optimiser";
export { logSoftmaxRows, softmaxRows, sumColumns, sumRows } from "./rows";
export { tanh } from "./tanh";
export { cos, erf, exp, log, sigmoid, sin } from "./unary";

/** First byte after the tables of coefficients. */
export const tablesEnd: usize = __heap_base;
