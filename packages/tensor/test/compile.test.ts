import { describe, expect, test } from "vitest";
import * as t from "../src/index.ts";
import type { Tensor, Tree } from "../src/index.ts";

const expectSame = (actual: Tree, expected: Tree): void => {
  const [got, wanted] = [t.flattenTree(actual), t.flattenTree(expected)];
  expect(got.paths).toEqual(wanted.paths);
  got.leaves.forEach((leaf, index) => {
    expect(leaf.shape).toEqual(wanted.leaves[index]!.shape);
    expect(leaf.dtype).toBe(wanted.leaves[index]!.dtype);
    expect(leaf.data).toEqual(wanted.leaves[index]!.data);
  });
};

/** Two layers, cross-entropy, gradient descent with momentum: what a user writes with plain tensors. */
type Net = { readonly w1: Tensor; readonly b1: Tensor; readonly w2: Tensor; readonly b2: Tensor };
const net = (key: t.Key): Net => {
  const [a, b] = t.split(key) as [t.Key, t.Key];
  return {
    w1: t.normal(a, [6, 16], { deviation: 0.4 }),
    b1: t.zeros([16]),
    w2: t.normal(b, [16, 4], { deviation: 0.3 }),
    b2: t.zeros([4]),
  };
};
const lossOf = ({ w1, b1, w2, b2 }: Net, x: Tensor, labels: Tensor): Tensor => {
  const hidden = t.relu(t.add(t.matmul(x, w1), b1));
  const scores = t.logSoftmax(t.add(t.matmul(hidden, w2), b2));
  return t.neg(t.mean(t.gather(scores, t.expandDims(labels, 1))));
};
const train = (
  params: Net,
  speed: Net,
  x: Tensor,
  labels: Tensor,
  rate: Tensor,
): { params: Net; speed: Net; loss: Tensor } => {
  const { value, grads } = t.valueAndGrad(lossOf)(params, x, labels);
  const next = t.mapTree((v, g) => t.add(t.mul(v, 0.9), g), speed, grads);
  return { params: t.mapTree((p, v) => t.sub(p, t.mul(v, rate)), params, next), speed: next, loss: value };
};

describe("compile", () => {
  test("gives the bits of the step itself, over many steps and changing arguments", () => {
    const fast = t.compile(train);
    let [slowState, fastState] = [net(t.key(1)), net(t.key(1))].map((params) => ({
      params,
      speed: t.mapTree((p) => t.zeros(p.shape), params),
      loss: t.tensor(0),
    }));
    for (let step = 0; step < 20; step++) {
      const x = t.normal(t.foldIn(t.key(2), step), [10, 6]);
      const labels = t.randomInt(t.foldIn(t.key(3), step), [10], 0, 4);
      const rate = t.tensor(0.1 / (step + 1));
      slowState = train(slowState!.params, slowState!.speed, x, labels, rate);
      fastState = fast(fastState!.params, fastState!.speed, x, labels, rate);
      expectSame(fastState, slowState);
    }
  });

  test("records once per combination of shapes", () => {
    let recorded = 0;
    const twice = t.compile((x: Tensor) => {
      recorded++;
      return t.mul(x, 2);
    });
    for (const length of [3, 3, 4, 3, 4]) {
      expect(twice(t.ones([length])).toArray()).toEqual(Array.from({ length }, () => 2));
    }
    expect(recorded).toBe(2);
  });

  test("draws anew from each key that it is given", () => {
    const draw = (key: t.Key): Tree => {
      const [a, b] = t.split(key) as [t.Key, t.Key];
      return {
        uniform: t.uniform(a, [5]),
        normal: t.normal(t.foldIn(b, 7), [5], { dtype: "float64" }),
        order: t.permutation(b, 6),
        mask: t.bernoulli(a, 0.5, [9]),
      };
    };
    const fast = t.compile(draw);
    for (let seed = 0; seed < 5; seed++) expectSame(fast(t.key(seed)), draw(t.key(seed)));
  });

  test("records a scan's body once, forward and backward, whatever the number of steps", () => {
    const run = (steps: number) => (w: Tensor, start: Tensor) =>
      t.valueAndGrad((weight: Tensor) => {
        const { carry, ys } = t.scan(
          (state: Tensor) => {
            const next = t.tanh(t.matmul(state, weight));
            return { carry: next, y: t.sum(t.square(next)) };
          },
          start,
          steps,
        );
        return t.add(t.sum(carry), t.mean(ys));
      })(w);
    const w = t.normal(t.key(5), [4, 4], { dtype: "float64" });
    const start = t.normal(t.key(6), [3, 4], { dtype: "float64" });
    const counts = [5, 160].map((steps) => {
      const fast = t.compile(run(steps));
      expectSame(fast(w, start), run(steps)(w, start));
      return fast.explain(w, start).operations.length;
    });
    expect(counts[0]).toBe(counts[1]);
  });

  test("hands a carry on in another order", () => {
    const swap = (a: Tensor, b: Tensor): Tree =>
      t.scan(
        ([p, q]: readonly [Tensor, Tensor], x: Tensor) => ({ carry: [t.add(q, x), p] as const, y: q }),
        [a, b] as const,
        t.arange(0, 5),
      );
    expectSame(t.compile(swap)(t.tensor(1), t.tensor(10)), swap(t.tensor(1), t.tensor(10)));
  });

  test("returns arguments and constants as they are, and copies of its memory", () => {
    const pass = t.compile((x: Tensor) => ({ x, one: t.ones([2]), again: t.reshape(x, [2, 1]) }));
    const first = pass(t.tensor([1, 2]));
    pass(t.tensor([3, 4]));
    expectSame(first, { x: t.tensor([1, 2]), one: t.ones([2]), again: t.tensor([[1], [2]]) });
  });

  test("lends large results and cotangents, and copies small ones", () => {
    const [x, y] = [3, 4].map((seed) => t.uniform(t.key(seed), [128, 128])) as [Tensor, Tensor];
    const step = (a: Tensor): { large: Tensor; small: Tensor } => ({
      large: t.reshape(t.mul(a, a), [128 * 128]),
      small: t.sum(t.mul(a, a)),
    });
    const lending = t.compile(step, { lend: true });
    const plain = lending(x);
    expectSame(plain, step(x));
    const again = lending(y);
    expectSame(again, step(y));
    expect(plain.large.data).toBe(again.large.data);
    expectSame(plain.small, step(x).small);
    const slope = t.grad((a: Tensor) => lending(a).small);
    const first = slope(x);
    expectSame(first, t.mul(x, 2));
    expectSame(slope(y), t.mul(y, 2));
    expectSame(first, t.mul(y, 2));
  });

  test("shares memory between tensors that are never needed together", () => {
    const chain = t.compile((x: Tensor) => {
      let y = x;
      for (let i = 0; i < 20; i++) y = t.tanh(y);
      return y;
    });
    const { bytes, bytesUnshared, operations } = chain.explain(t.ones([1000]));
    expect(operations).toHaveLength(20);
    expect(bytesUnshared).toBe(21 * 4000);
    expect(bytes).toBe(4 * 4000);
  });

  describe("under a gradient", () => {
    const net8 = { w: t.normal(t.key(8), [3, 4]), b: t.normal(t.key(9), [4]) };
    const score = (
      { w, b }: typeof net8,
      x: Tensor,
      labels: Tensor,
    ): { loss: Tensor; logits: Tensor; best: Tensor } => {
      const logits = t.tanh(t.add(t.matmul(x, w), b));
      return {
        loss: t.neg(t.mean(t.gather(t.logSoftmax(logits), t.expandDims(labels, 1)))),
        logits,
        best: t.argmax(logits),
      };
    };
    const x = t.normal(t.key(10), [5, 3]);
    const labels = t.tensor([0, 3, 1, 1, 2], "int32");
    const fast = t.compile(score);
    /** A loss that uses several results, with more operations before and after. */
    const lossWith =
      (inner: typeof score) =>
      (params: typeof net8): Tensor => {
        const { loss, logits, best } = inner(t.mapTree(t.sin, params), t.cos(x), labels);
        return t.add(t.mul(loss, 3), t.mean(t.mul(t.square(logits), t.expandDims(t.cast(best, "float32"), 1))));
      };

    test("gives the bits of the gradient of the step itself", () => {
      for (const scale of [1, 0.5, 1]) {
        const params = t.mapTree((leaf) => t.mul(leaf, scale), net8);
        expectSame(t.valueAndGrad(lossWith(fast))(params), t.valueAndGrad(lossWith(score))(params));
      }
    });

    test("keeps two runs apart that are differentiated later", () => {
      const both = (inner: typeof score) => (params: typeof net8) =>
        t.add(lossWith(inner)(params), lossWith(inner)(t.mapTree((leaf) => t.mul(leaf, 0.3), params)));
      expectSame(t.grad(both(fast))(net8), t.grad(both(score))(net8));
      const { value, pullback } = t.vjp(lossWith(fast), net8);
      const slow = t.vjp(lossWith(score), net8);
      expectSame(value, slow.value);
      for (const cotangent of [1, 2]) {
        expectSame(pullback(t.tensor(cotangent)), slow.pullback(t.tensor(cotangent)));
      }
    });

    test("can be differentiated twice", () => {
      const curvature = (inner: typeof score) =>
        t.grad((params: typeof net8) => t.sum(t.square(t.grad(lossWith(inner))(params).w)));
      const [got, wanted] = [curvature(fast)(net8), curvature(score)(net8)];
      t.mapTree(
        (a, b) => {
          a.data.forEach((value, i) => expect(value).toBeCloseTo(b.data[i]!, 5));
          return a;
        },
        got,
        wanted,
      );
    });

    test("draws anew from each key and differentiates what it drew", () => {
      const noisy = (key: t.Key, y: Tensor): Tensor => t.sum(t.mul(t.normal(key, [4]), t.square(y)));
      const quick = t.compile(noisy);
      const y = t.tensor([1, 2, 3, 4]);
      for (let seed = 0; seed < 3; seed++) {
        const slope = (f: typeof noisy): Tensor => t.grad((z: Tensor) => f(t.key(seed), z))(y);
        expectSame(slope(quick), slope(noisy));
      }
    });

    test("refuses to close over a tensor of the gradient", () => {
      const loss = (w: Tensor): Tensor => t.sum(t.compile((y: Tensor) => t.mul(y, w))(t.mul(w, 2)));
      expect(() => t.grad(loss)(t.tensor([1, 2]))).toThrow(
        new t.CompileError(
          "compile",
          "expected a step that closes over no tensor of the gradient being taken. Pass it as an argument?",
        ),
      );
    });
  });

  test("leaves out what nothing needs", () => {
    const wasteful = t.compile((x: Tensor) => {
      t.exp(x);
      return t.neg(x);
    });
    expect(wasteful.explain(t.ones([4])).operations.map(({ name }) => name)).toEqual(["neg"]);
  });

  test("prints its plan", () => {
    const plan = t.compile((x: Tensor) => t.sum(t.square(x)));
    expect(String(plan.explain(t.ones([4])))).toBe(
      [
        "2 operations, 1 arguments, 0 constants, 1 results",
        "48 bytes in one memory (48 without sharing)",
        "       32        16  square [4]",
        "       16        16  sum []",
      ].join("\n"),
    );
  });

  test("is the step itself inside a gradient and inside another compiled step", () => {
    const inner = t.compile((x: Tensor) => t.sum(t.mul(x, x)));
    expect(
      t
        .grad(inner)(t.tensor([1, 2]))
        .toArray(),
    ).toEqual([2, 4]);
    const outer = t.compile((x: Tensor) => t.add(inner(x), 1));
    expect(outer(t.tensor([1, 2])).item()).toBe(6);
  });

  test("refuses a step that reads values", () => {
    const branch = t.compile((x: Tensor) => (t.sum(x).item() > 0 ? x : t.neg(x)));
    expect(() => branch(t.ones([2]))).toThrow(
      new t.CompileError(
        "compile",
        "expected a step that reads no values, but it read a tensor of shape [] while being recorded. Decide with where, topK or sort, or pass what was decided as an argument?",
      ),
    );
  });

  test("refuses a number as an argument", () => {
    const scale = t.compile((x: Tensor, by: Tensor) => t.mul(x, by));
    expect(() => scale(t.ones([2]), 3 as unknown as Tensor)).toThrow(
      new t.CompileError("compile", "expected trees of tensors and keys as arguments, received number. Use tensor(3)?"),
    );
  });

  test("reports the mistakes of a replay as the operations do", () => {
    const pick = t.compile((x: Tensor, places: Tensor) => t.take(x, places));
    expect(pick(t.tensor([5, 6]), t.tensor([1], "int32")).toArray()).toEqual([6]);
    expect(() => pick(t.tensor([5, 6]), t.tensor([2], "int32"))).toThrow(
      "take: expected indices from 0 to 1, received 2",
    );
  });
});
