import { mapBinary } from "@ganglion/kernels";
import type { BinaryName, BinaryWalk } from "@ganglion/kernels";
import { lift } from "../create.ts";
import { plan } from "../loops/broadcast.ts";
import { broadcastShapes } from "../shape.ts";
import { apply } from "../tape.ts";
import type { Primitive } from "../tape.ts";
import type { Operand, Tensor } from "../tensor.ts";
import { sumTo } from "./reduce.ts";
import { requireFloat, requireSameDType } from "./require.ts";
import { neg, square } from "./elementwise.ts";
import { cast } from "./cast.ts";

type PartialDerivative = (g: Tensor, a: Tensor, b: Tensor, output: Tensor) => Tensor | undefined;

/** A primitive of two operands that broadcast, with the cotangent of each before it is summed back to its shape. */
function binary(name: BinaryName, partials?: readonly [PartialDerivative, PartialDerivative]): Primitive<void> {
  return {
    name,
    bind([a, b]) {
      const shape = broadcastShapes(name, a!.shape, b!.shape);
      const { length, steps, rows, rowSteps, forEachBlock } = plan(shape, [a!.shape, b!.shape]);
      const [aStep, bStep] = steps as [number, number];
      const [aRow, bRow] = rowSteps as [number, number];
      const walks: BinaryWalk[] = [];
      forEachBlock((outStart, aStart, bStart) =>
        walks.push({ rows, length, aStart, bStart, outStart, aRow, bRow, aStep, bStep }),
      );
      return {
        shape,
        dtype: partials === undefined ? "uint8" : a!.dtype,
        run([x, y], out) {
          for (const walk of walks) mapBinary(name, x!, y!, out, walk);
        },
      };
    },
    ...(partials && {
      pullback(index, g, [a, b], output) {
        const cotangent = partials[index]!(g, a!, b!, output);
        return cotangent && sumTo(cotangent, (index === 0 ? a! : b!).shape);
      },
    }),
  };
}

function call(primitive: Primitive<void>, a: Operand, b: Operand): Tensor {
  const operands = [lift(primitive.name, a, b), lift(primitive.name, b, a)];
  requireSameDType(primitive.name, operands);
  return apply(primitive, operands, undefined);
}

const addition = binary("add", [(g) => g, (g) => g]);
const subtraction = binary("sub", [(g) => g, (g) => neg(g)]);
const multiplication = binary("mul", [(g, _, b) => mul(g, b), (g, a) => mul(g, a)]);
const division = binary("div", [(g, _, b) => div(g, b), (g, a, b) => neg(div(mul(g, a), square(b)))]);
const larger = binary("maximum", [(g, a, b) => mul(g, preference(a, b)), (g, a, b) => mul(g, preference(b, a))]);
const smaller = binary("minimum", [(g, a, b) => mul(g, preference(b, a)), (g, a, b) => mul(g, preference(a, b))]);

/** 1 where `a > b`, a half where they are equal, else 0. */
function preference(a: Tensor, b: Tensor): Tensor {
  return mul(add(cast(greater(a, b), a.dtype), cast(greaterEqual(a, b), a.dtype)), 0.5);
}

/** Sum `a + b`, broadcast. */
export const add = (a: Operand, b: Operand): Tensor => call(addition, a, b);
/** Difference `a - b`, broadcast. */
export const sub = (a: Operand, b: Operand): Tensor => call(subtraction, a, b);
/** Product `a b`, element by element, broadcast. */
export const mul = (a: Operand, b: Operand): Tensor => call(multiplication, a, b);
/**
 * Quotient `a / b`, broadcast.
 *
 * @throws DTypeError for integers
 */
export function div(a: Operand, b: Operand): Tensor {
  const operands = [lift("div", a, b), lift("div", b, a)] as const;
  for (const operand of operands) requireFloat("div", operand);
  return call(division, ...operands);
}
/** Larger of the two, broadcast; NaN when either is; at ties each gets half of the gradient. */
export const maximum = (a: Operand, b: Operand): Tensor => call(larger, a, b);
/** Smaller of the two, broadcast; NaN when either is; at ties each gets half of the gradient. */
export const minimum = (a: Operand, b: Operand): Tensor => call(smaller, a, b);

const gating = binary("gate", [(g, _, b) => gate(g, b), () => undefined]);

/** `a` where `b` is above 0, else 0: the cotangent of a rectifier. @internal */
export const gate = (a: Tensor, b: Tensor): Tensor => call(gating, a, b);

const comparisons = {
  equal: binary("equal"),
  notEqual: binary("notEqual"),
  less: binary("less"),
  lessEqual: binary("lessEqual"),
  greater: binary("greater"),
  greaterEqual: binary("greaterEqual"),
  logicalAnd: binary("logicalAnd"),
  logicalOr: binary("logicalOr"),
};

/** 1 where `a = b`, else 0, as uint8. */
export const equal = (a: Operand, b: Operand): Tensor => call(comparisons.equal, a, b);
/** 1 where `a` and `b` differ, else 0, as uint8. */
export const notEqual = (a: Operand, b: Operand): Tensor => call(comparisons.notEqual, a, b);
/** 1 where `a < b`, else 0, as uint8. */
export const less = (a: Operand, b: Operand): Tensor => call(comparisons.less, a, b);
/** 1 where `a <= b`, else 0, as uint8. */
export const lessEqual = (a: Operand, b: Operand): Tensor => call(comparisons.lessEqual, a, b);
/** 1 where `a > b`, else 0, as uint8. */
export const greater = (a: Operand, b: Operand): Tensor => call(comparisons.greater, a, b);
/** 1 where `a >= b`, else 0, as uint8. */
export const greaterEqual = (a: Operand, b: Operand): Tensor => call(comparisons.greaterEqual, a, b);
/** 1 where both are other than 0, else 0, as uint8. */
export const logicalAnd = (a: Operand, b: Operand): Tensor => call(comparisons.logicalAnd, a, b);
/** 1 where one is other than 0, else 0, as uint8. */
export const logicalOr = (a: Operand, b: Operand): Tensor => call(comparisons.logicalOr, a, b);
/** 1 where `x` is 0, else 0, as uint8. */
export const logicalNot = (x: Tensor): Tensor => equal(x, 0);
