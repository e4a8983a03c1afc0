export { compile } from "./compile/compile.ts";
export type { Argument } from "./compile/call.ts";
export type { Compiled } from "./compile/compile.ts";
export type { Explanation, PlannedOperation } from "./compile/explain.ts";
export { arange, eye, fromData, full, ones, tensor, zeros } from "./create.ts";
export type { Data, DType } from "./dtype.ts";
export { CompileError, ConfigError, DTypeError, GradientError, ShapeError } from "./errors.ts";
export { customGradient, grad, stopGradient, valueAndGrad, vjp } from "./gradient.ts";
export { foldIn, key, split } from "./key.ts";
export type { Key } from "./key.ts";
export {
  add,
  div,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  maximum,
  minimum,
  mul,
  notEqual,
  sub,
} from "./operations/arithmetic.ts";
export { cast } from "./operations/cast.ts";
export { customOperation } from "./operations/custom.ts";
export {
  abs,
  clamp,
  cos,
  erf,
  exp,
  floor,
  gelu,
  log,
  neg,
  pow,
  reciprocal,
  relu,
  round,
  sigmoid,
  sign,
  silu,
  sin,
  sqrt,
  square,
  tanh,
} from "./operations/elementwise.ts";
export { gather, oneHot, scatter, scatterAdd, segmentSum, take } from "./operations/indexing.ts";
export { concat, pad, slice, stack } from "./operations/join.ts";
export type { Range } from "./operations/join.ts";
export { broadcastTo, expandDims, flip, reshape, squeeze, transpose } from "./operations/layout.ts";
export { groupedMatmul, matmul } from "./operations/matmul.ts";
export { cumsum, sort, topK } from "./operations/order.ts";
export type { Ordered } from "./operations/order.ts";
export { argmax, argmin, max, mean, min, sum, variance } from "./operations/reduce.ts";
export { logSoftmax, logSumExp, softmax } from "./operations/softmax.ts";
export { where } from "./operations/where.ts";
export { bernoulli, normal, permutation, randomInt, uniform } from "./random.ts";
export { checkpoint, scan } from "./scan.ts";
export type { ScanStep } from "./scan.ts";
export type { Shape } from "./shape.ts";
export type { Spec } from "./tape.ts";
export { Tensor } from "./tensor.ts";
export type { Nested, Operand } from "./tensor.ts";
export { countParameters, flattenTree, mapTree } from "./tree.ts";
export type { FlatTree, Tree } from "./tree.ts";
