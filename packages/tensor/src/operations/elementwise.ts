import { mapUnary } from "@ganglion/kernels";
import type { UnaryName } from "@ganglion/kernels";
import { ConfigError } from "../errors.ts";
import { apply } from "../tape.ts";
import type { Primitive } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { power } from "../loops/power.ts";
import { add, div, gate, greaterEqual, lessEqual, logicalAnd, mul, sub } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { requireFloat } from "./require.ts";

type Derivative = (g: Tensor, x: Tensor, y: Tensor) => Tensor;

/** A primitive of one operand whose cotangent is `derivative(g, x, f(x))`; polynomials of our own, the same bits on every engine. */
function unary(name: UnaryName, derivative?: Derivative): Primitive<void> {
  return {
    name,
    bind: ([x]) => ({
      shape: x!.shape,
      dtype: x!.dtype,
      run: ([data], out) => mapUnary(name, data as Float32Array, out as Float32Array),
    }),
    ...(derivative && { pullback: (_, g, [x], y) => derivative(g, x!, y) }),
  };
}

const any =
  (primitive: Primitive<void>) =>
  (x: Tensor): Tensor =>
    apply(primitive, [x], undefined);

const floats =
  (primitive: Primitive<void>) =>
  (x: Tensor): Tensor => {
    requireFloat(primitive.name, x);
    return apply(primitive, [x], undefined);
  };

/** `-x`. */
export const neg: (x: Tensor) => Tensor = any(unary("neg", (g) => neg(g)));
/** `|x|`; the gradient at 0 is 0. */
export const abs: (x: Tensor) => Tensor = any(unary("abs", (g, x) => mul(g, sign(x))));
/** -1, 0 or 1; its gradient is 0. */
export const sign: (x: Tensor) => Tensor = any(unary("sign"));
/** `x^2`. */
export const square: (x: Tensor) => Tensor = any(unary("square", (g, x) => mul(g, mul(x, 2))));
/** `max(x, 0)`; the gradient at 0 is 0. */
export const relu: (x: Tensor) => Tensor = any(unary("relu", (g, x) => gate(g, x)));
/** Largest whole number not above `x`; its gradient is 0. */
export const floor: (x: Tensor) => Tensor = floats(unary("floor"));
/** Nearest whole number, halves to the even one; its gradient is 0. */
export const round: (x: Tensor) => Tensor = floats(unary("round"));
/** Square root; NaN below 0. */
export const sqrt: (x: Tensor) => Tensor = floats(unary("sqrt", (g, _, y) => div(g, mul(y, 2))));
/** `1 / x`. */
export const reciprocal: (x: Tensor) => Tensor = floats(unary("reciprocal", (g, _, y) => neg(mul(g, square(y)))));
/** `e^x`. */
export const exp: (x: Tensor) => Tensor = floats(unary("exp", (g, _, y) => mul(g, y)));
/** Natural logarithm; NaN below 0. */
export const log: (x: Tensor) => Tensor = floats(unary("log", (g, x) => div(g, x)));
/** Hyperbolic tangent. */
export const tanh: (x: Tensor) => Tensor = floats(unary("tanh", (g, _, y) => mul(g, sub(1, square(y)))));
/** `1 / (1 + e^-x)`. */
export const sigmoid: (x: Tensor) => Tensor = floats(unary("sigmoid", (g, _, y) => mul(g, mul(y, sub(1, y)))));
/** Sine of radians. */
export const sin: (x: Tensor) => Tensor = floats(unary("sin", (g, x) => mul(g, cos(x))));
/** Cosine of radians. */
export const cos: (x: Tensor) => Tensor = floats(unary("cos", (g, x) => neg(mul(g, sin(x)))));
/** Error function, `2/sqrt(pi)` times the integral of `e^(-t^2)` from 0 to `x`. */
export const erf: (x: Tensor) => Tensor = floats(
  unary("erf", (g, x) => mul(g, mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI)))),
);

/**
 * Gaussian error linear unit in its exact form, `x * Phi(x)`.
 *
 * @see Hendrycks & Gimpel 2016, arXiv:1606.08415
 */
export function gelu(x: Tensor): Tensor {
  requireFloat("gelu", x);
  return mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
}

/**
 * Sigmoid linear unit `x * sigmoid(x)`, also called swish.
 *
 * @see Elfwing et al. 2017, arXiv:1702.03118
 */
export function silu(x: Tensor): Tensor {
  requireFloat("silu", x);
  return mul(x, sigmoid(x));
}

const powering: Primitive<number> = {
  name: "pow",
  bind: ([x], exponent) => ({
    shape: x!.shape,
    dtype: x!.dtype,
    run([data], out) {
      for (let i = 0; i < out.length; i++) out[i] = power(data![i]!, exponent);
    },
  }),
  pullback: (_, g, [x], _output, exponent) =>
    exponent === 0 ? mul(g, 0) : mul(g, mul(pow(x!, exponent - 1), exponent)),
};

/** `x^exponent`: repeated multiplication for whole exponents to 64, else `e^(exponent log x)`, so NaN below 0. */
export function pow(x: Tensor, exponent: number): Tensor {
  requireFloat("pow", x);
  return apply(powering, [x], exponent);
}

const clamping: Primitive<{ low: number; high: number }> = {
  name: "clamp",
  bind: ([x], { low, high }) => ({
    shape: x!.shape,
    dtype: x!.dtype,
    run([data], out) {
      for (let i = 0; i < out.length; i++) out[i] = Math.min(high, Math.max(low, data![i]!));
    },
  }),
  pullback: (_, g, [x], _output, { low, high }) =>
    mul(g, cast(logicalAnd(greaterEqual(x!, low), lessEqual(x!, high)), g.dtype)),
};

/**
 * `x` cut to the range from `low` to `high`; the gradient outside is 0.
 *
 * @throws ConfigError when `low` is above `high`
 */
export function clamp(x: Tensor, low: number, high: number): Tensor {
  if (!(low <= high)) throw new ConfigError("clamp", `expected low <= high, received ${low} and ${high}`);
  return apply(clamping, [x], { low, high });
}
