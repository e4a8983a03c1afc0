/** THE table of operations: it drives value tests, golden files, gradient tests and shape laws. */
import * as t from "../src/index.ts";
import type { Tensor } from "../src/index.ts";
import * as reference from "./reference.ts";
import { type NdArray, sizeOf } from "./support/array.ts";
import * as draw from "./support/generators.ts";
import type { Domain, Purpose } from "./support/generators.ts";
import { Random } from "./support/random.ts";

/** One call of an operation; JSON all through, so that golden files can hold it. */
export interface Case<Attributes = object> {
  readonly inputs: readonly NdArray[];
  readonly attributes: Attributes;
}

export interface Operation<Attributes = object> {
  /** Name of the export, of the function in golden.py and of the golden file. */
  readonly name: string;
  readonly generate: (random: Random, purpose: Purpose) => Case<Attributes>;
  /** Calls the export. Several results come as a list. */
  readonly apply: (inputs: readonly Tensor[], attributes: Attributes) => Tensor | readonly Tensor[];
  readonly reference: (inputs: readonly NdArray[], attributes: Attributes) => NdArray | readonly NdArray[];
  /** Has gradients; its inputs of floating point are checked. */
  readonly differentiable: boolean;
  /** Copies, compares or rounds: the result must agree to the last bit. */
  readonly exact: boolean;
  /** Also computes on int32, with the same values. */
  readonly integers: boolean;
}

type Entry<Attributes> = Pick<Operation<Attributes>, "name" | "generate" | "apply" | "reference"> &
  Partial<Operation<Attributes>>;

function operation<Attributes>(entry: Entry<Attributes>): Operation {
  return { differentiable: true, exact: false, integers: false, ...entry } as unknown as Operation;
}

type Flags = Partial<Pick<Operation, "differentiable" | "exact" | "integers">>;

function unary(
  name: string,
  apply: (x: Tensor) => Tensor,
  f: (x: number) => number,
  domain: Domain,
  flags: Flags = {},
): Operation {
  return operation({
    name,
    generate: (random, purpose) => ({
      inputs: [
        draw.floats(
          random,
          draw.shape(random, 0, 4, purpose === "value" && random.chance(0.03) ? 0 : 1),
          domain,
          purpose,
        ),
      ],
      attributes: {},
    }),
    apply: ([x]) => apply(x!),
    reference: reference.unary(f),
    ...flags,
  });
}

function binary(
  name: string,
  apply: (a: Tensor, b: Tensor) => Tensor,
  f: (a: number, b: number) => number,
  domains: readonly [Domain, Domain],
  flags: Flags = {},
): Operation {
  return operation({
    name,
    generate: (random, purpose) => {
      const shapes = draw.broadcastable(random, draw.shape(random), 2);
      return {
        inputs: shapes.map((shape, index) => draw.floats(random, shape, domains[index]!, purpose)),
        attributes: {},
      };
    },
    apply: ([a, b]) => apply(a!, b!),
    reference: reference.binary(f),
    ...flags,
  });
}

/** Two operands that may tie in value cases and never do in gradient cases. */
function tied(
  name: string,
  apply: (a: Tensor, b: Tensor) => Tensor,
  f: (a: number, b: number) => number,
  dtype?: "uint8",
): Operation {
  return operation({
    name,
    generate: (random, purpose) => {
      const [a, b] = draw.broadcastable(random, draw.shape(random), 2) as [number[], number[]];
      const inputs =
        purpose === "gradient"
          ? [draw.distinct(random, a), draw.distinct(random, b, 1)]
          : [a, b].map((shape) => ({ shape, data: random.list(sizeOf(shape), () => random.integer(-3, 3) / 2) }));
      return { inputs, attributes: {} };
    },
    apply: ([a, b]) => apply(a!, b!),
    reference: reference.binary(f, dtype),
    differentiable: dtype === undefined,
    exact: true,
    integers: true,
  });
}

function logical(
  name: string,
  apply: (...inputs: Tensor[]) => Tensor,
  count: 1 | 2,
  f: (a: number, b: number) => number,
): Operation {
  return operation({
    name,
    generate: (random) => ({
      inputs: draw.broadcastable(random, draw.shape(random), count).map((shape) => draw.booleans(random, shape)),
      attributes: {},
    }),
    apply: (inputs) => apply(...inputs),
    reference: (inputs) => reference.binary(f, "uint8")([inputs[0]!, inputs.at(-1)!]),
    differentiable: false,
    exact: true,
  });
}

function reduction(
  name: string,
  apply: (x: Tensor, axis?: number | readonly number[], keepAxis?: boolean) => Tensor,
  f: (values: readonly number[]) => number,
  flags: Flags & { readonly ties?: boolean; readonly empty?: boolean } = {},
): Operation {
  const { ties = true, empty = false, ...rest } = flags;
  return operation<reference.Reduction>({
    name,
    generate: (random, purpose) => {
      const shape = draw.shape(random, 0, 4, purpose === "value" && empty && random.chance(0.05) ? 0 : 1);
      return {
        inputs: [ties ? draw.floats(random, shape, wide, purpose) : draw.distinct(random, shape)],
        attributes: draw.reductionAxes(random, shape.length),
      };
    },
    apply: ([x], { axis, keepAxis }) => apply(x!, axis, keepAxis),
    reference: reference.reduction(f),
    ...rest,
  });
}

interface Axis {
  readonly axis?: number;
}

function alongAxis(
  name: string,
  apply: (x: Tensor, axis?: number) => Tensor | readonly Tensor[],
  of: Operation<Axis>["reference"],
  { ties = true, ...flags }: Flags & { readonly ties?: boolean } = {},
): Operation {
  return operation<Axis>({
    name,
    generate: (random, purpose) => {
      const shape = draw.shape(random, 1);
      const coarse = { shape, data: random.list(sizeOf(shape), () => random.integer(-4, 4) / 4) };
      return {
        inputs: [
          ties
            ? draw.floats(random, shape, wide, purpose)
            : purpose === "value"
              ? coarse
              : draw.distinct(random, shape),
        ],
        attributes: random.chance(0.3) ? {} : { axis: draw.axis(random, shape.length) },
      };
    },
    apply: ([x], { axis }) => apply(x!, axis),
    reference: of,
    ...flags,
  });
}

const wide: Domain = { min: -4, max: 4 };
const positive: Domain = { min: 0.25, max: 6 };
const away: Domain = { min: -4, max: 4, kinks: [0] };
const truth = (holds: boolean): number => (holds ? 1 : 0);
const gelu = (x: number): number => (x * (1 + reference.erf(x / Math.SQRT2))) / 2;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const elementwise: readonly Operation[] = [
  binary("add", t.add, (a, b) => a + b, [wide, wide], { integers: true }),
  binary("sub", t.sub, (a, b) => a - b, [wide, wide], { integers: true }),
  binary("mul", t.mul, (a, b) => a * b, [wide, wide], { integers: true }),
  binary("div", t.div, (a, b) => a / b, [wide, positive]),
  tied("maximum", t.maximum, Math.max),
  tied("minimum", t.minimum, Math.min),
  operation<{ readonly exponent: number }>({
    name: "pow",
    generate: (random, purpose) => {
      const exponent = random.pick([-2, -1, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5]);
      const whole = Number.isInteger(exponent) && exponent >= 0;
      const domain = whole ? { min: -2, max: 2, kinks: [0] } : { min: 0.25, max: 3 };
      return { inputs: [draw.floats(random, draw.shape(random), domain, purpose)], attributes: { exponent } };
    },
    apply: ([x], { exponent }) => t.pow(x!, exponent),
    reference: ([x], { exponent }) => reference.unary((value) => value ** exponent)([x!]),
  }),
  unary("neg", t.neg, (x) => -x, wide, { exact: true, integers: true }),
  unary("abs", t.abs, Math.abs, away, { exact: true, integers: true }),
  unary("sign", t.sign, Math.sign, away, { exact: true, integers: true }),
  unary("square", t.square, (x) => x * x, wide, { integers: true }),
  unary("reciprocal", t.reciprocal, (x) => 1 / x, positive),
  unary("exp", t.exp, Math.exp, wide),
  unary("log", t.log, Math.log, positive),
  unary("sqrt", t.sqrt, Math.sqrt, positive),
  unary("tanh", t.tanh, Math.tanh, wide),
  unary("sigmoid", t.sigmoid, sigmoid, wide),
  unary("relu", t.relu, (x) => Math.max(x, 0), away, { exact: true, integers: true }),
  unary("gelu", t.gelu, gelu, wide),
  unary("silu", t.silu, (x) => x * sigmoid(x), wide),
  unary("sin", t.sin, Math.sin, { min: -9, max: 9 }),
  unary("cos", t.cos, Math.cos, { min: -9, max: 9 }),
  unary("erf", t.erf, reference.erf, wide),
  unary("floor", t.floor, Math.floor, { ...wide, kinks: [-4, -3, -2, -1, 0, 1, 2, 3, 4] }, { exact: true }),
  unary(
    "round",
    t.round,
    reference.roundHalfEven,
    { ...wide, kinks: [-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5] },
    { exact: true },
  ),
  tied("equal", t.equal, (a, b) => truth(a === b), "uint8"),
  tied("notEqual", t.notEqual, (a, b) => truth(a !== b), "uint8"),
  tied("less", t.less, (a, b) => truth(a < b), "uint8"),
  tied("lessEqual", t.lessEqual, (a, b) => truth(a <= b), "uint8"),
  tied("greater", t.greater, (a, b) => truth(a > b), "uint8"),
  tied("greaterEqual", t.greaterEqual, (a, b) => truth(a >= b), "uint8"),
  logical(
    "logicalAnd",
    (a, b) => t.logicalAnd(a, b),
    2,
    (a, b) => truth(a !== 0 && b !== 0),
  ),
  logical(
    "logicalOr",
    (a, b) => t.logicalOr(a, b),
    2,
    (a, b) => truth(a !== 0 || b !== 0),
  ),
  logical(
    "logicalNot",
    (a) => t.logicalNot(a),
    1,
    (a) => truth(a === 0),
  ),
  operation({
    name: "where",
    generate: (random, purpose) => {
      const [condition, a, b] = draw.broadcastable(random, draw.shape(random), 3) as [number[], number[], number[]];
      return {
        inputs: [
          draw.booleans(random, condition),
          draw.floats(random, a, wide, purpose),
          draw.floats(random, b, wide, purpose),
        ],
        attributes: {},
      };
    },
    apply: ([condition, a, b]) => t.where(condition!, a!, b!),
    reference: reference.where,
    exact: true,
    integers: true,
  }),
  operation<{ readonly low: number; readonly high: number }>({
    name: "clamp",
    generate: (random, purpose) => {
      const low = random.real(-3, 1);
      const high = low + random.integer(1, 3);
      const domain = { ...wide, kinks: [low, high] };
      return { inputs: [draw.floats(random, draw.shape(random), domain, purpose)], attributes: { low, high } };
    },
    apply: ([x], { low, high }) => t.clamp(x!, low, high),
    reference: ([x], { low, high }) => reference.unary((value) => Math.min(Math.max(value, low), high))([x!]),
    exact: true,
  }),
  operation<{ readonly dtype: "float32" | "float64" | "int32" }>({
    name: "cast",
    generate: (random, purpose) => ({
      inputs: [draw.floats(random, draw.shape(random), wide, purpose)],
      attributes: { dtype: purpose === "gradient" ? "float64" : random.pick(["float32", "float64", "int32"]) },
    }),
    apply: ([x], { dtype }) => t.cast(x!, dtype),
    reference: ([x], { dtype }) => ({ ...x!, data: dtype === "int32" ? x!.data.map(Math.trunc) : x!.data, dtype }),
    exact: true,
  }),
];

const reductions: readonly Operation[] = [
  reduction("sum", t.sum, reference.sum, { integers: true, empty: true }),
  reduction("mean", t.mean, reference.mean),
  reduction("max", t.max, (values) => Math.max(...values), { ties: false, exact: true, integers: true }),
  reduction("min", t.min, (values) => Math.min(...values), { ties: false, exact: true, integers: true }),
  reduction("variance", t.variance, reference.variance),
  operation<Axis & { readonly keepAxis?: boolean }>({
    name: "logSumExp",
    generate: (random, purpose) => {
      const shape = draw.shape(random, 1);
      const attributes = random.chance(0.3)
        ? {}
        : { axis: draw.axis(random, shape.length), keepAxis: random.chance(0.5) };
      return { inputs: [draw.floats(random, shape, wide, purpose)], attributes };
    },
    apply: ([x], { axis, keepAxis }) => t.logSumExp(x!, axis, keepAxis),
    reference: (inputs, { axis = -1, keepAxis = false }) =>
      reference.reduction(reference.logSumExp)(inputs, { axis, keepAxis }),
  }),
  ...[
    { name: "argmax", apply: t.argmax, best: Math.max },
    { name: "argmin", apply: t.argmin, best: Math.min },
  ].map(({ name, apply, best }) =>
    alongAxis(
      name,
      apply,
      (inputs, { axis = -1 }) => reference.reduction((row) => row.indexOf(best(...row)), "int32")(inputs, { axis }),
      { ties: false, differentiable: false, exact: true, integers: true },
    ),
  ),
  alongAxis("softmax", t.softmax, reference.rowwise(reference.softmax)),
  alongAxis("logSoftmax", t.logSoftmax, reference.rowwise(reference.logSoftmax)),
  alongAxis("cumsum", t.cumsum, reference.rowwise(reference.cumsum), { integers: true }),
  alongAxis(
    "sort",
    (x, axis) => {
      const { values, indices } = t.sort(x, axis);
      return [values, indices];
    },
    (inputs, attributes) => [
      reference.rowwise(reference.sorted)(inputs, attributes),
      reference.rowwise(reference.argsort, "int32")(inputs, attributes),
    ],
    { ties: false, exact: true, integers: true },
  ),
  operation<{ readonly k: number }>({
    name: "topK",
    generate: (random, purpose) => {
      const shape = draw.shape(random, 1);
      const coarse = { shape, data: random.list(sizeOf(shape), () => random.integer(-4, 4) / 4) };
      return {
        inputs: [purpose === "value" ? coarse : draw.distinct(random, shape)],
        attributes: { k: random.integer(1, shape.at(-1)!) },
      };
    },
    apply: ([x], { k }) => {
      const { values, indices } = t.topK(x!, k);
      return [values, indices];
    },
    reference: reference.topK,
    exact: true,
    integers: true,
  }),
];

const products: readonly Operation[] = [
  operation({
    name: "matmul",
    generate: (random, purpose) => {
      const [rows, inner, columns] = random.list(3, () =>
        random.chance(0.1) ? random.integer(5, 9) : random.integer(1, 4),
      );
      const [first, second] = draw.broadcastable(
        random,
        random.list(random.integer(0, 2), () => random.integer(1, 3)),
        2,
      );
      return {
        inputs: [
          [...first!, rows!, inner!],
          [...second!, inner!, columns!],
        ].map((shape) => draw.floats(random, shape, wide, purpose)),
        attributes: {},
      };
    },
    apply: ([a, b]) => t.matmul(a!, b!),
    reference: reference.matmul,
  }),
  operation({
    name: "groupedMatmul",
    generate: (random, purpose) => {
      const groups = random.integer(1, 4);
      const [inputs, outputs] = [random.integer(1, 4), random.integer(1, 4)];
      const sizes = random.list(groups, () => random.integer(0, 3));
      const rows = sizes.reduce((total, size) => total + size, random.integer(0, 2));
      return {
        inputs: [
          draw.floats(random, [Math.max(rows, 1), inputs], wide, purpose),
          draw.floats(random, [groups, inputs, outputs], wide, purpose),
          { shape: [groups], data: sizes, dtype: "int32" },
        ],
        attributes: {},
      };
    },
    apply: ([x, weights, sizes]) => t.groupedMatmul(x!, weights!, sizes!),
    reference: reference.groupedMatmul,
  }),
];

/** One input of any shape, whose values matter little: the operation moves them. */
function moving<Attributes>(
  name: string,
  attributes: (random: Random, shape: readonly number[]) => Attributes,
  apply: (x: Tensor, attributes: Attributes) => Tensor,
  of: Operation<Attributes>["reference"],
  minRank = 0,
  integers = true,
): Operation {
  return operation<Attributes>({
    name,
    generate: (random, purpose) => {
      const shape = draw.shape(random, minRank);
      return { inputs: [draw.floats(random, shape, wide, purpose)], attributes: attributes(random, shape) };
    },
    apply: ([x], given) => apply(x!, given),
    reference: of,
    exact: true,
    integers,
  });
}

const layouts: readonly Operation[] = [
  moving<{ readonly shape: readonly number[] }>(
    "reshape",
    (random, shape) => {
      const size = sizeOf(shape);
      const divisor = random.pick(random.list(size, (index) => index + 1).filter((each) => size % each === 0));
      return {
        shape: random.pick([[-1], [size], [divisor, -1], [-1, divisor], [divisor, size / divisor], [1, ...shape]]),
      };
    },
    (x, { shape }) => t.reshape(x, shape),
    reference.reshape,
  ),
  moving<{ readonly axes?: readonly number[] }>(
    "transpose",
    (random, shape) =>
      random.chance(0.3)
        ? {}
        : {
            axes: random
              .shuffled(shape.map((_, axis) => axis))
              .map((axis) => (random.chance(0.5) ? axis : axis - shape.length)),
          },
    (x, { axes }) => t.transpose(x, axes),
    reference.transpose,
    2,
  ),
  operation<{ readonly shape: readonly number[] }>({
    name: "broadcastTo",
    generate: (random, purpose) => {
      const shape = draw.shape(random);
      return {
        inputs: [draw.floats(random, draw.broadcastable(random, shape, 1)[0]!, wide, purpose)],
        attributes: { shape },
      };
    },
    apply: ([x], { shape }) => t.broadcastTo(x!, shape),
    reference: reference.broadcastTo,
    exact: true,
    integers: true,
  }),
  moving<{ readonly axis: number }>(
    "expandDims",
    (random, shape) => ({ axis: draw.axis(random, shape.length + 1) }),
    (x, { axis }) => t.expandDims(x, axis),
    reference.expandDims,
  ),
  operation<{ readonly axis?: number }>({
    name: "squeeze",
    generate: (random, purpose) => {
      const place = random.integer(0, 2);
      const shape = draw.shape(random, 2, 3).toSpliced(place, 0, 1);
      return {
        inputs: [draw.floats(random, shape, wide, purpose)],
        attributes: random.chance(0.3) ? {} : { axis: random.chance(0.5) ? place : place - shape.length },
      };
    },
    apply: ([x], { axis }) => t.squeeze(x!, axis),
    reference: reference.squeeze,
    exact: true,
    integers: true,
  }),
  operation<Axis>({
    name: "concat",
    generate: (random, purpose) => {
      const shape = draw.shape(random, 1, 3);
      const axis = draw.axis(random, shape.length);
      const parts = random.list(random.integer(1, 3), () => shape.with(axis, random.integer(1, 3)));
      return {
        inputs: parts.map((part) => draw.floats(random, part, wide, purpose)),
        attributes: axis === 0 ? {} : { axis },
      };
    },
    apply: (list, { axis }) => t.concat(list, axis),
    reference: reference.concat,
    exact: true,
    integers: true,
  }),
  operation<Axis>({
    name: "stack",
    generate: (random, purpose) => {
      const shape = draw.shape(random, 0, 3);
      return {
        inputs: random.list(random.integer(1, 3), () => draw.floats(random, shape, wide, purpose)),
        attributes: random.chance(0.3) ? {} : { axis: draw.axis(random, shape.length + 1) },
      };
    },
    apply: (list, { axis }) => t.stack(list, axis),
    reference: reference.stack,
    exact: true,
    integers: true,
  }),
  moving<{ readonly ranges: readonly reference.Range[] }>(
    "slice",
    (random, shape) => ({
      ranges: shape.slice(0, random.integer(1, shape.length)).map((length): reference.Range => {
        if (random.chance(0.25)) return null;
        const start = random.integer(0, length - 1);
        const stop = random.integer(start + 1, length);
        const negative = random.chance(0.3);
        const range = [negative ? start - length : start, negative && stop < length ? stop - length : stop] as const;
        return random.chance(0.5) ? range : [...range, random.integer(1, 3)];
      }),
    }),
    (x, { ranges }) => t.slice(x, ranges),
    reference.slice,
    1,
  ),
  moving<{ readonly widths: readonly (readonly [number, number])[]; readonly value?: number }>(
    "pad",
    (random, shape) => ({
      widths: shape.map(() => [random.integer(0, 2), random.integer(0, 2)] as const),
      ...(random.chance(0.5) && { value: random.integer(-2, 2) }),
    }),
    (x, { widths, value }) => t.pad(x, widths, value),
    reference.pad,
  ),
  moving<{ readonly axis: number }>(
    "flip",
    (random, shape) => ({ axis: draw.axis(random, shape.length) }),
    (x, { axis }) => t.flip(x, axis),
    reference.flip,
    1,
  ),
];

const scattering = (
  name: string,
  apply: (x: Tensor, indices: Tensor, rows: Tensor) => Tensor,
  repeats: boolean,
): Operation =>
  operation({
    name,
    generate: (random, purpose) => {
      const shape = draw.shape(random, 1, 3);
      const length = shape[0]!;
      const count = repeats ? random.integer(1, 5) : random.integer(1, length);
      const all = random.shuffled(random.list(length, (index) => index));
      const indices = random.list(count, (index) => (repeats ? random.integer(0, length - 1) : all[index]!));
      return {
        inputs: [
          draw.floats(random, shape, wide, purpose),
          { shape: [count], data: indices, dtype: "int32" },
          draw.floats(random, shape.with(0, count), wide, purpose),
        ],
        attributes: {},
      };
    },
    apply: ([x, indices, rows]) => apply(x!, indices!, rows!),
    reference: reference.scatterWith(repeats ? (old, row) => old + row : (_, row) => row),
    exact: !repeats,
    integers: true,
  });

const indexing: readonly Operation[] = [
  operation<Axis>({
    name: "take",
    generate: (random, purpose) => {
      const shape = draw.shape(random, 1, 3);
      const axis = draw.axis(random, shape.length);
      const indices = draw.integers(random, draw.shape(random, 0, 2), 0, shape.at(axis)! - 1);
      return {
        inputs: [draw.floats(random, shape, wide, purpose), indices],
        attributes: axis === 0 ? {} : { axis },
      };
    },
    apply: ([x, indices], { axis }) => t.take(x!, indices!, axis),
    reference: reference.take,
    exact: true,
    integers: true,
  }),
  operation<Axis>({
    name: "gather",
    generate: (random, purpose) => {
      const shape = draw.shape(random, 1, 3);
      const axis = draw.axis(random, shape.length);
      const indices = draw.integers(random, shape.with(axis, random.integer(1, 4)), 0, shape.at(axis)! - 1);
      return {
        inputs: [draw.floats(random, shape, wide, purpose), indices],
        attributes: axis === -1 ? {} : { axis },
      };
    },
    apply: ([x, indices], { axis }) => t.gather(x!, indices!, axis),
    reference: reference.gather,
    exact: true,
    integers: true,
  }),
  scattering("scatterAdd", t.scatterAdd, true),
  scattering("scatter", t.scatter, false),
  operation<{ readonly segments: number }>({
    name: "segmentSum",
    generate: (random, purpose) => {
      const shape = draw.shape(random, 1, 3);
      const segments = random.integer(1, 5);
      return {
        inputs: [draw.floats(random, shape, wide, purpose), draw.integers(random, [shape[0]!], 0, segments - 1)],
        attributes: { segments },
      };
    },
    apply: ([x, ids], { segments }) => t.segmentSum(x!, ids!, segments),
    reference: reference.segmentSum,
    integers: true,
  }),
  operation<{ readonly depth: number }>({
    name: "oneHot",
    generate: (random) => {
      const depth = random.integer(1, 6);
      return { inputs: [draw.integers(random, draw.shape(random, 0, 3), 0, depth - 1)], attributes: { depth } };
    },
    apply: ([indices], { depth }) => t.oneHot(indices!, depth, "float64"),
    reference: (inputs, attributes) => ({ ...reference.oneHot(inputs, attributes), dtype: "float64" }),
    differentiable: false,
    exact: true,
  }),
];

export const operations: readonly Operation[] = [...elementwise, ...reductions, ...products, ...layouts, ...indexing];

/** Case number `index` of an operation; depends on nothing but its arguments. */
export function drawCase(
  { name, generate }: Operation,
  seed: number,
  index: number,
  purpose: Purpose,
  grain = 0,
): Case {
  return generate(new Random(`${name} ${seed} ${index} ${purpose}`, grain), purpose);
}
