import {
  add,
  cast,
  concat,
  fromData,
  grad,
  mapTree,
  matmul,
  mul,
  sin,
  sum,
  tensor,
  transpose,
  valueAndGrad,
} from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { type Dual, dual, duals as d, expectGradient } from "@ganglion/testing";
import { describe, expect, test } from "vitest";
import {
  activations,
  alibi,
  arc,
  attention,
  geluTanh,
  geometric,
  hinges,
  linear,
  lowRank,
  mlp,
  parabola,
  periodic,
  rmsNorm,
  rope,
  rotated,
  rotatedTranspose,
  scaled,
  sinusoid,
  softmax1,
  vShape,
} from "../src/index.ts";
import type { MlpWeights } from "../src/index.ts";
import { drawer } from "./support/random.ts";

const flags = tensor(
  [
    [
      [
        [0, 0.3],
        [-0.2, 0],
      ],
    ],
  ],
  "float64",
);
/** A perceptron with fixed weights, in the dtype of its input. */
const fixed = (x: Tensor, weights: MlpWeights): Tensor =>
  mlp(
    x,
    mapTree((leaf) => cast(leaf, x.dtype), weights),
    "relu",
  );
/** Every differentiable part as a function of its inputs, with the shapes of these. */
const parts: Readonly<
  Record<string, { readonly shapes: readonly number[][]; readonly f: (...x: Tensor[]) => Tensor }>
> = {
  "rmsNorm with weights": { shapes: [[2, 3], [3]], f: (x, w) => rmsNorm(x, w, 1e-5) },
  "rmsNorm without weights": { shapes: [[2, 3]], f: (x) => rmsNorm(x, undefined, 0.01) },
  arc: { shapes: [[3]], f: (shape) => arc(shape, 10) },
  parabola: { shapes: [[2]], f: (shape) => parabola(shape, 10) },
  "rope interleaved": { shapes: [[1, 3, 4]], f: (x) => rope(x, 2, geometric(3, 4)) },
  "rope in halves": { shapes: [[1, 3, 4]], f: (x) => rope(x, 2, geometric(3, 4, { interleaved: false })) },
  "rope of a period": { shapes: [[1, 3, 2]], f: (x) => rope(x, 5, periodic(19)) },
  softmax1: { shapes: [[2, 4]], f: (x) => softmax1(x) },
  "attention by softmax": {
    shapes: [
      [1, 1, 2, 2],
      [1, 1, 2, 2],
      [1, 1, 2, 3],
    ],
    f: (q, k, v) => attention(q, k, v, { weighting: "softmax", scale: 0.7, bias: cast(flags, q.dtype) }).output,
  },
  "attention by softmax1, shared keys": {
    shapes: [
      [1, 2, 2, 2],
      [1, 1, 2, 2],
      [1, 1, 2, 3],
    ],
    f: (q, k, v) => attention(q, k, v, { weighting: "softmax1", scale: 0.7, bias: cast(flags, q.dtype) }).output,
  },
  lowRank: {
    shapes: [
      [3, 2],
      [2, 4],
    ],
    f: (a, b) => lowRank(a, b),
  },
  scaled: { shapes: [[3, 2], [1]], f: (m, s) => scaled(m, s) },
  rotated: { shapes: [[3, 4], [1]], f: (m, angle) => rotated(m, angle) },
  rotatedTranspose: { shapes: [[3, 4], [1]], f: (m, angle) => rotatedTranspose(m, angle) },
  linear: { shapes: [[2, 3], [3, 4], [4]], f: (x, w, b) => linear(x, w, b) },
  geluTanh: { shapes: [[5]], f: (x) => geluTanh(x) },
  ...Object.fromEntries(
    (["relu", "gelu", "geluTanh", "silu"] as const).flatMap((name) => [
      [
        `mlp of ${name}`,
        {
          shapes: [
            [2, 3],
            [3, 4],
            [4, 2],
          ],
          f: (...[x, up, down]: Tensor[]) => mlp(x!, { up: up!, down: down! }, name),
        },
      ],
      [
        `mlp gated by ${name}`,
        {
          shapes: [
            [2, 3],
            [3, 4],
            [3, 4],
            [4, 2],
          ],
          f: (...[x, up, gate, down]: Tensor[]) => mlp(x!, { up: up!, gate: gate!, down: down! }, name),
        },
      ],
    ]),
  ),
  vShape: { shapes: [[2, 4]], f: (x) => fixed(x, vShape({ rise: 2, fall: 3 }, { features: 4, from: 1, outputs: 2 })) },
  hinges: {
    shapes: [[2, 3]],
    f: (x) => fixed(x, hinges([{ slope: 2, offset: -0.1, weight: 3 }], { features: 3, read: 1, write: 2 })),
  },
};

describe.each(Object.entries(parts))("%s", (_, { shapes, f }) => {
  const draw = drawer(7);
  const at = shapes.map((shape) => draw(...shape));
  // a sum of sines, so that every element counts differently
  const loss = (inputs: readonly Tensor[]): Tensor => sum(sin(add(f(...inputs), 0.3)));

  test("has the gradient that central differences find", () => {
    const tensors = (inputs: readonly Float64Array[]): Tensor[] =>
      inputs.map((values, index) => fromData(Float64Array.from(values), shapes[index]));
    expectGradient({
      value: (inputs) => loss(tensors(inputs)).item(),
      gradient: (inputs) => grad(loss)(tensors(inputs)).map(({ data }) => Float64Array.from(data)),
      at: at.map(({ data }) => Float64Array.from(data)),
    });
  });

  test("gives the same in float32, to its precision", () => {
    const single = f(...at.map((x) => cast(x, "float32")));
    const double = f(...at);
    expect(single.dtype).toBe("float32");
    for (const [index, value] of double.data.entries()) {
      expect(Math.abs(single.data[index]! - value)).toBeLessThanOrEqual(2e-6 * (1 + Math.abs(value)));
    }
  });
});

describe("dual numbers agree", () => {
  const root = (x: Dual): Dual => d.sqrt(x);
  const twins: Readonly<Record<string, { readonly ours: (x: Tensor) => Tensor; readonly theirs: (x: Dual) => Dual }>> =
    {
      geluTanh: {
        ours: geluTanh,
        theirs: (x) =>
          d.mul(
            d.mul(x, 0.5),
            d.add(d.tanh(d.mul(d.add(x, d.mul(d.mul(d.mul(x, 0.044715), x), x)), Math.sqrt(2 / Math.PI))), 1),
          ),
      },
      silu: { ours: activations.silu, theirs: (x) => d.mul(x, d.sigmoid(x)) },
      gelu: { ours: activations.gelu, theirs: d.gelu },
      relu: { ours: activations.relu, theirs: d.relu },
      "the first feature of rmsNorm": {
        ours: (x) => sum(mul(rmsNorm(row(x, 0.4), undefined, 0.01), tensor([1, 0], "float64"))),
        theirs: (x) => d.div(x, root(d.add(d.div(d.add(d.mul(x, x), 0.16), 2), 0.01))),
      },
      "the first weight of softmax1": {
        ours: (x) => sum(mul(softmax1(row(x, 0.4)), tensor([1, 0], "float64"))),
        theirs: (x) => d.div(d.exp(x), d.add(d.add(d.exp(x), 1), Math.exp(0.4))),
      },
      "a point of an arc": {
        ours: (x) => sum(mul(arc(concat([tensor([2, 0.5], "float64"), reshapeOne(x)]), 4), pick(4, 2, 7))),
        theirs: (x) => d.mul(d.sin(d.add(d.mul(x, 3), 0.5)), 2),
      },
      "a rotation by an angle": {
        ours: (x) => sum(mul(rotated(tensor([[0.3, -0.8]], "float64"), reshapeOne(x)), tensor([[1, 0]], "float64"))),
        theirs: (x) => d.sub(d.mul(d.cos(x), 0.3), d.mul(d.sin(x), -0.8)),
      },
      "a V": {
        ours: (x) =>
          sum(mlp(reshapeOne(x, 2), vShape({ rise: 2, fall: 3 }, { features: 1, from: 0, outputs: 1 }), "relu")),
        theirs: (x) => d.mul(d.abs(x), -6),
      },
    };
  test.each(Object.entries(twins))("%s", (_, { ours, theirs }) => {
    for (const x of [-2.3, -0.7, -0.01, 0.02, 0.9, 3.1]) {
      const { value, grads } = valueAndGrad(ours)(tensor(x, "float64"));
      const wanted = dual(theirs, x);
      expect(Math.abs(value.item() - wanted.value)).toBeLessThanOrEqual(1e-14 * (1 + Math.abs(wanted.value)));
      expect(Math.abs(grads.item() - wanted.derivative)).toBeLessThanOrEqual(1e-14 * (1 + Math.abs(wanted.derivative)));
    }
  });
});

describe("rope", () => {
  test("makes products depend on distances alone", () => {
    const draw = drawer(3);
    const [q, k] = [draw(1, 1, 4), draw(1, 1, 4)];
    const product = (i: number, j: number): number =>
      sum(mul(rope(q, i, geometric(3, 4)), rope(k, j, geometric(3, 4)))).item();
    expect(product(7, 3)).toBeCloseTo(product(15, 11), 12);
    expect(product(7, 3)).not.toBeCloseTo(product(7, 4), 3);
  });

  test("comes round after a period", () => {
    const x = drawer(4)(1, 1, 2);
    const [before, after] = [rope(x, 2, periodic(19)), rope(x, 21, periodic(19))];
    for (const [index, value] of before.data.entries()) expect(after.data[index]).toBeCloseTo(value, 13);
  });
});

describe("softmax1", () => {
  test("leaves room for nothing, and does not overflow", () => {
    const weights = softmax1(
      tensor(
        [
          [0, 0, 0],
          [1000, 0, -Infinity],
          [-1000, -1000, -1000],
        ],
        "float64",
      ),
    ).toArray();
    expect(weights).toEqual([
      [0.25, 0.25, 0.25],
      [1, 0, 0],
      [0, 0, 0],
    ]);
  });
});

describe("attention", () => {
  test("with shared keys and values equals attention with copies of them", () => {
    const draw = drawer(5);
    const [q, k, v] = [draw(2, 4, 3, 2), draw(2, 2, 3, 2), draw(2, 2, 3, 2)];
    const copy = (x: Tensor): Tensor => {
      const data = new Float64Array(2 * 4 * 6);
      for (let b = 0; b < 2; b++)
        for (let h = 0; h < 4; h++)
          data.set(x.data.subarray((2 * b + (h >> 1)) * 6, (2 * b + (h >> 1) + 1) * 6), (4 * b + h) * 6);
      return fromData(data, [2, 4, 3, 2]);
    };
    const options = { weighting: "softmax", scale: 1, bias: tensor(0, "float64") } as const;
    expect(attention(q, k, v, options).output).toEqual(attention(q, copy(k), copy(v), options).output);
  });
});

describe("the fixed tables", () => {
  test("hold sines and cosines of falling frequencies", () => {
    expect(sinusoid(3, 4, 100).toArray()).toEqual([
      [0, 1, 0, 1],
      [
        expect.closeTo(Math.sin(1), 15),
        expect.closeTo(Math.cos(1), 15),
        expect.closeTo(Math.sin(0.1), 15),
        expect.closeTo(Math.cos(0.1), 15),
      ],
      [
        expect.closeTo(Math.sin(2), 15),
        expect.closeTo(Math.cos(2), 15),
        expect.closeTo(Math.sin(0.2), 15),
        expect.closeTo(Math.cos(0.2), 15),
      ],
    ]);
  });

  test("fall with the distance at each head's rate", () => {
    expect(Array.from(alibi([2, 0.5], { start: 1, queries: 1, keys: 2 }))).toEqual([-2, -0, -0.5, -0]);
  });

  test("find the nearest digit on a parabola", () => {
    const rows = parabola(tensor([1000, 0.001], "float64"), 10);
    const scores = matmul(tensor([[100, -3.4 / 5]], "float64"), transpose(rows)).data;
    expect(scores.indexOf(Math.max(...scores))).toBe(3);
  });
});

/** A row of a scalar and a constant. */
const row = (x: Tensor, constant: number): Tensor => concat([reshapeOne(x), tensor([constant], "float64")]);
const reshapeOne = (x: Tensor, rank = 1): Tensor => mul(x, tensor(rank === 1 ? [1] : [[1]], "float64"));
const pick = (rows: number, columns: number, at: number): Tensor =>
  fromData(
    Float64Array.from({ length: rows * columns }, (_, index) => (index === at ? 1 : 0)),
    [rows, columns],
  );
