import { describe, expect, test } from "vitest";
import * as t from "../src/index.ts";
import { operations } from "./operations.ts";
import { expectRefusal } from "./support/expect-refusal.ts";

const f = (...shape: number[]): t.Tensor => t.zeros(shape);
const i = (values: t.Nested): t.Tensor => t.tensor(values, "int32");
const mask = (...shape: number[]): t.Tensor => t.zeros(shape, "uint8");

type Refusal = readonly [run: () => unknown, error: "ShapeError" | "DTypeError" | "ConfigError", problem: string];

const broadcast =
  "expected shapes that broadcast, received [2, 3] and [2]. Reshape one so that each length agrees or is 1?";
const mixed = (other: string): string => `expected one dtype, received float32 and ${other}. Use cast(x, "float32")?`;
const floating = 'expected float32 or float64, received int32. Use cast(x, "float32")?';
const indices = 'expected int32 indices, received float32. Use cast(indices, "int32")?';
const dtypes = "expected float32, float64, int32, uint8 or int8, received";
const noAxis = "expected no axis, because the tensor is a scalar, received 0";
const lengths = "expected lengths that are whole numbers from 0, received";

const pairs = [
  "add",
  "sub",
  "mul",
  "maximum",
  "minimum",
  "equal",
  "notEqual",
  "less",
  "lessEqual",
  "greater",
  "greaterEqual",
] as const;
const logicals = ["logicalAnd", "logicalOr"] as const;
const transcendentals = [
  "exp",
  "log",
  "sqrt",
  "tanh",
  "sigmoid",
  "gelu",
  "silu",
  "sin",
  "cos",
  "erf",
  "floor",
  "round",
  "reciprocal",
] as const;
const reductions = ["sum", "mean", "max", "min", "variance"] as const;
const lines = ["argmax", "argmin", "softmax", "logSoftmax", "logSumExp", "cumsum", "sort", "flip"] as const;

/** What each operation refuses; every message begins with the operation's name. */
const refusals: Readonly<Record<string, readonly Refusal[]>> = {
  ...Object.fromEntries(
    [...pairs, ...logicals].map((name): [string, Refusal[]] => [
      name,
      [
        [() => t[name](f(2, 3), f(2)), "ShapeError", broadcast],
        [() => t[name](f(2), t.zeros([2], "float64")), "DTypeError", mixed("float64")],
        [
          () => t[name](i([1]), 0.5),
          "DTypeError",
          'expected a number that int32 holds, received 0.5. Use cast(x, "float32")?',
        ],
        [
          () => t[name](300, mask(2)),
          "DTypeError",
          'expected a number that uint8 holds, received 300. Use cast(x, "float32")?',
        ],
      ],
    ]),
  ),
  div: [
    [() => t.div(f(2, 3), f(2)), "ShapeError", broadcast],
    [() => t.div(f(2), t.zeros([2], "float64")), "DTypeError", mixed("float64")],
    [() => t.div(i([4]), i([2])), "DTypeError", floating],
  ],
  ...Object.fromEntries(
    transcendentals.map((name): [string, Refusal[]] => [name, [[() => t[name](i([1])), "DTypeError", floating]]]),
  ),
  pow: [[() => t.pow(i([1]), 2), "DTypeError", floating]],
  where: [
    [() => t.where(mask(2, 3), f(2), f(3)), "ShapeError", broadcast],
    [() => t.where(mask(2), f(2), i([1, 2])), "DTypeError", mixed("int32")],
    [
      () => t.where(mask(1), i([1]), 0.5),
      "DTypeError",
      'expected a number that int32 holds, received 0.5. Use cast(x, "float32")?',
    ],
  ],
  clamp: [
    [() => t.clamp(f(2), 2, 1), "ConfigError", "expected low <= high, received 2 and 1"],
    [() => t.clamp(f(2), Number.NaN, 1), "ConfigError", "expected low <= high, received NaN and 1"],
  ],
  cast: [[() => t.cast(f(2), "float16" as t.DType), "DTypeError", `${dtypes} float16`]],
  ...Object.fromEntries(
    reductions.map((name): [string, Refusal[]] => [
      name,
      [
        [() => t[name](f(2, 3), 2), "ShapeError", "expected an axis from -2 to 1, received 2"],
        [() => t[name](f(2, 3), [0, 0.5]), "ShapeError", "expected an axis from -2 to 1, received 0.5"],
        [() => t[name](f(), 0), "ShapeError", noAxis],
        [() => t[name](f(2, 3), [0, -2]), "ShapeError", "expected distinct axes, received [0, -2]"],
        ...(name === "sum" ? [] : [empty(() => t[name](f(0, 2), 0))]),
        ...(name === "mean" || name === "variance" ? [integral(() => t[name](i([1])))] : []),
      ],
    ]),
  ),
  ...Object.fromEntries(
    lines.map((name): [string, Refusal[]] => [
      name,
      [
        [() => t[name](f(2, 3), -3), "ShapeError", "expected an axis from -2 to 1, received -3"],
        [() => t[name](f(), 0), "ShapeError", noAxis],
        ...(name.startsWith("arg") ? [empty(() => t[name](f(0, 2), 0))] : []),
        ...(/soft|logSum/iu.test(name) ? [integral(() => t[name](i([1])))] : []),
      ],
    ]),
  ),
  topK: [
    [() => t.topK(f(2, 3), 4), "ConfigError", "expected k from 1 to 3, the length of the last axis, received 4"],
    [() => t.topK(f(3), 0), "ConfigError", "expected k from 1 to 3, the length of the last axis, received 0"],
    [() => t.topK(f(3), 1.5), "ConfigError", "expected k from 1 to 3, the length of the last axis, received 1.5"],
    [() => t.topK(f(), 1), "ShapeError", "expected no axis, because the tensor is a scalar, received -1"],
  ],
  matmul: [
    [
      () => t.matmul(f(8, 96), f(32, 6)),
      "ShapeError",
      "expected inner lengths to agree, received [8, 96] and [32, 6].",
    ],
    [
      () => t.matmul(f(8, 96), f(32, 96)),
      "ShapeError",
      "expected inner lengths to agree, received [8, 96] and [32, 96]. Transpose the second argument?",
    ],
    [
      () => t.matmul(f(3), f(3, 2)),
      "ShapeError",
      "expected at least two axes each, received [3] and [3, 2]. Use expandDims?",
    ],
    [
      () => t.matmul(f(2, 3, 4), f(3, 4, 5)),
      "ShapeError",
      "expected shapes that broadcast, received [2] and [3]. Reshape one so that each length agrees or is 1?",
    ],
    [() => t.matmul(f(2, 2), t.zeros([2, 2], "float64")), "DTypeError", mixed("float64")],
    [() => t.matmul(i([[1]]), i([[1]])), "DTypeError", floating],
  ],
  groupedMatmul: [
    [
      () => t.groupedMatmul(f(4, 2), f(2, 3, 2), i([1, 1])),
      "ShapeError",
      "expected [rows, inputs], [groups, inputs, outputs] and [groups], received [4, 2], [2, 3, 2], [2]",
    ],
    ...(
      [
        [3, 2],
        [3, -1],
      ] as const
    ).map((sizes): Refusal => [
      () => t.groupedMatmul(f(4, 2), f(2, 2, 2), i([...sizes])),
      "ShapeError",
      `expected sizes from 0 that sum to at most 4, received [${sizes.join(", ")}]`,
    ]),
    [() => t.groupedMatmul(f(4, 2), f(2, 2, 2), f(2)), "DTypeError", indices],
    [() => t.groupedMatmul(f(4, 2), t.zeros([2, 2, 2], "float64"), i([1, 1])), "DTypeError", mixed("float64")],
    [() => t.groupedMatmul(i([[1]]), i([[[1]]]), i([1])), "DTypeError", floating],
  ],
  reshape: [
    [() => t.reshape(f(2, 3), [4]), "ShapeError", "expected a shape of 6 elements, received [4] for [2, 3]"],
    [() => t.reshape(f(2, 3), [-1, 4]), "ShapeError", "expected a shape of 6 elements, received [-1, 4] for [2, 3]"],
    [() => t.reshape(f(2, 3), [-1, -1]), "ShapeError", "expected a shape of 6 elements, received [-1, -1] for [2, 3]"],
    [() => t.reshape(f(2, 3), [-2, -3]), "ShapeError", "expected a shape of 6 elements, received [-2, -3] for [2, 3]"],
  ],
  transpose: [
    [() => t.transpose(f(3)), "ShapeError", "expected at least two axes, received [3]"],
    [() => t.transpose(f(2, 3), [0, 0]), "ShapeError", "expected each of 2 axes once, received [0, 0]"],
    [() => t.transpose(f(2, 3), [0]), "ShapeError", "expected each of 2 axes once, received [0]"],
    [() => t.transpose(f(2, 3), [0, 2]), "ShapeError", "expected an axis from -2 to 1, received 2"],
  ],
  broadcastTo: [
    [() => t.broadcastTo(f(2, 3), [2]), "ShapeError", broadcast],
    [() => t.broadcastTo(f(2, 3), [3]), "ShapeError", "expected [2, 3] to broadcast to [3]. Swap the shapes?"],
    [() => t.broadcastTo(f(3), [-1, 3]), "ShapeError", `${lengths} [-1, 3]`],
  ],
  expandDims: [[() => t.expandDims(f(2), 2), "ShapeError", "expected an axis from -2 to 1, received 2"]],
  squeeze: [
    [() => t.squeeze(f(2, 1), 0), "ShapeError", "expected length 1 at axis 0, received [2, 1]"],
    [() => t.squeeze(f(2, 1), 2), "ShapeError", "expected an axis from -2 to 1, received 2"],
  ],
  concat: [
    [() => t.concat([]), "ShapeError", "expected at least one tensor, received none"],
    [
      () => t.concat([f(2, 3), f(3, 2)]),
      "ShapeError",
      "expected lengths that agree except along axis 0, received [2, 3] and [3, 2]",
    ],
    [() => t.concat([f(2), f(2)], 1), "ShapeError", "expected an axis from -1 to 0, received 1"],
    [() => t.concat([f(), f()]), "ShapeError", noAxis],
    [() => t.concat([f(2), i([1])]), "DTypeError", mixed("int32")],
  ],
  stack: [
    [() => t.stack([]), "ShapeError", "expected at least one tensor, received none"],
    [() => t.stack([f(2), f(3)]), "ShapeError", "expected tensors of one shape, received [2] and [3]"],
    [() => t.stack([f(2), f(2)], 2), "ShapeError", "expected an axis from -2 to 1, received 2"],
    [() => t.stack([f(1), i([1])]), "DTypeError", mixed("int32")],
  ],
  slice: [
    [() => t.slice(f(3), [null, null]), "ShapeError", "expected at most 1 ranges, received 2"],
    ...(
      [
        [0, 4],
        [2, 1],
        [-4, 2],
        [0.5, 2],
      ] as const
    ).map(([start, stop]): Refusal => [
      () => t.slice(f(3), [[start, stop]]),
      "ShapeError",
      `expected a range within 3 at axis 0, received [${start}, ${stop}]`,
    ]),
    [
      () => t.slice(f(3), [[0, 3, 0]]),
      "ConfigError",
      "expected a step that is a whole number from 1, received 0. Use flip to reverse?",
    ],
  ],
  pad: [
    [() => t.pad(f(2, 2), [[1, 1]]), "ShapeError", "expected 2 pairs of whole numbers from 0, received [[1, 1]]"],
    [() => t.pad(f(2), [[-1, 1]]), "ShapeError", "expected 1 pairs of whole numbers from 0, received [[-1, 1]]"],
  ],
  take: [
    [() => t.take(f(3), f(1)), "DTypeError", indices],
    [() => t.take(f(3), i([3])), "ShapeError", "expected indices from 0 to 2, received 3"],
    [() => t.take(f(3), i([-1])), "ShapeError", "expected indices from 0 to 2, received -1"],
    [() => t.take(f(3), i([0]), 1), "ShapeError", "expected an axis from -1 to 0, received 1"],
    [() => t.take(f(), i([0])), "ShapeError", noAxis],
  ],
  gather: [
    [() => t.gather(f(3), f(1)), "DTypeError", indices],
    [
      () => t.gather(f(2, 3), i([[0]])),
      "ShapeError",
      "expected lengths that agree except along axis 1, received [2, 3] and [1, 1]",
    ],
    [() => t.gather(f(2, 3), i([[3], [0]])), "ShapeError", "expected indices from 0 to 2, received 3"],
    [() => t.gather(f(3), i([0]), 1), "ShapeError", "expected an axis from -1 to 0, received 1"],
  ],
  ...Object.fromEntries(
    (["scatterAdd", "scatter"] as const).map((name): [string, Refusal[]] => [
      name,
      [
        [() => t[name](f(3, 2), i([0]), f(1, 3)), "ShapeError", "expected rows like those of [3, 2], received [1, 3]"],
        [
          () => t[name](f(3), i([0, 1]), f(1)),
          "ShapeError",
          "expected one index per row, received rows [1] and indices [2]",
        ],
        [() => t[name](f(3), i([3]), f(1)), "ShapeError", "expected indices from 0 to 2, received 3"],
        [() => t[name](f(3), f(1), f(1)), "DTypeError", indices],
        [() => t[name](f(3), i([0]), t.zeros([1], "float64")), "DTypeError", mixed("float64")],
        ...(name === "scatter" ? [repeated(() => t.scatter(f(3), i([1, 1]), f(2)))] : []),
      ],
    ]),
  ),
  segmentSum: [
    [
      () => t.segmentSum(f(3), i([0, 1]), 2),
      "ShapeError",
      "expected one index per row, received rows [3] and indices [2]",
    ],
    [() => t.segmentSum(f(2), i([0, 2]), 2), "ShapeError", "expected indices from 0 to 1, received 2"],
    [() => t.segmentSum(f(2), f(2), 1), "DTypeError", indices],
    [() => t.segmentSum(f(2), i([0, 0]), 1.5), "ShapeError", `${lengths} [1.5]`],
  ],
  oneHot: [
    [() => t.oneHot(f(2), 3), "DTypeError", indices],
    [() => t.oneHot(i([3]), 3), "ShapeError", "expected indices from 0 to 2, received 3"],
    [() => t.oneHot(i([0]), -1), "ShapeError", `${lengths} [1, -1]`],
    [() => t.oneHot(i([0]), 1, "half" as t.DType), "DTypeError", `${dtypes} half`],
  ],
};

function empty(run: () => unknown): Refusal {
  return [run, "ShapeError", "expected at least one element, received shape [0, 2]"];
}
function integral(run: () => unknown): Refusal {
  return [run, "DTypeError", floating];
}
function repeated(run: () => unknown): Refusal {
  return [run, "ShapeError", "expected distinct indices, received 1 twice. Use scatterAdd?"];
}

/** Operations of one tensor of any dtype and shape: there is nothing to refuse. */
const total = ["neg", "abs", "sign", "square", "relu", "logicalNot"];

describe.each(Object.keys(refusals))("%s", (name) => {
  test.each(refusals[name]!.map((refusal, index) => [index, ...refusal] as const))(
    "refuses wrong call %s with its own name, the expectation and what arrived",
    (_, run, error, problem) => {
      expectRefusal(run, error, `${name}: ${problem}`);
    },
  );
});

test("every operation has its refusals tested, or has nothing to refuse", () => {
  expect([...Object.keys(refusals), ...total].toSorted()).toEqual(operations.map(({ name }) => name).toSorted());
});

test("a refusal carries the shapes as fields", () => {
  expect(() => t.matmul(f(8, 96), f(32, 6))).toThrow(
    expect.objectContaining({
      operation: "matmul",
      shapes: [
        [8, 96],
        [32, 6],
      ],
    }),
  );
});

test("a refusal inside a gradient leaves nothing behind", () => {
  const bad = t.grad((x: t.Tensor) => t.sum(t.add(x, f(3))));
  expectRefusal(
    () => bad(f(2)),
    "ShapeError",
    "add: expected shapes that broadcast, received [2] and [3]. Reshape one so that each length agrees or is 1?",
  );
  expect(
    t
      .grad((x: t.Tensor) => t.sum(t.square(x)))(t.tensor([3]))
      .toArray(),
  ).toEqual([6]);
});
