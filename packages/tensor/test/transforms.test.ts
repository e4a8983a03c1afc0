import { describe, expect, test } from "vitest";
import * as t from "../src/index.ts";
import type { Tensor } from "../src/index.ts";
import { expectRefusal } from "./support/expect-refusal.ts";

const scalar = (value: number): Tensor => t.tensor(value, "float64");
const cube = (x: Tensor): Tensor => t.mul(t.mul(x, x), x);

describe("grad", () => {
  test("returns a tree like the parameters, zero where the loss does not look", () => {
    const params = { layers: [{ w: t.tensor([1, 2]), b: scalar(3) }], unused: t.zeros([2, 2]) };
    const grads = t.grad((p: typeof params, scale: number) => t.mul(t.sum(p.layers[0]!.w), scale))(params, 5);
    expect(grads).toEqual({ layers: [{ w: t.tensor([5, 5]), b: scalar(0) }], unused: t.zeros([2, 2]) });
  });

  test("adds up over every use of a parameter", () => {
    expect(
      t
        .grad((x: Tensor) => t.add(t.add(x, x), t.mul(x, x)))(scalar(3))
        .item(),
    ).toBe(8);
  });

  test("keeps apart two places of a tree that hold the same tensor", () => {
    const x = scalar(2);
    const { a, b } = t.grad((p: { a: Tensor; b: Tensor }) => t.mul(t.square(p.a), p.b))({ a: x, b: x });
    expect([a.item(), b.item()]).toEqual([8, 4]);
  });

  test("nests to any order: derivatives of x^3 at 2", () => {
    const first = t.grad(cube);
    const second = t.grad(first);
    const third = t.grad(second);
    const fourth = t.grad(third);
    expect([first, second, third, fourth].map((f) => f(scalar(2)).item())).toEqual([12, 12, 6, 0]);
  });

  test("does not confuse the variables of nested gradients", () => {
    // d/dx (x * d/dy (x + y)) = 1, and d/dx (x * d/dy (x * y)) = 2x
    const sum = (x: Tensor): Tensor => t.mul(x, t.grad((y: Tensor) => t.add(x, y))(scalar(1)));
    const product = (x: Tensor): Tensor => t.mul(x, t.grad((y: Tensor) => t.mul(x, y))(scalar(1)));
    expect(t.grad(sum)(scalar(5)).item()).toBe(1);
    expect(t.grad(product)(scalar(5)).item()).toBe(10);
  });

  test("gives a symmetric matrix of second derivatives", () => {
    const f = (x: Tensor): Tensor => t.sum(t.mul(t.sin(x), t.cumsum(t.square(x))));
    const x = t.tensor([0.3, -1.2, 0.7], "float64");
    const { pullback } = t.vjp(t.grad(f), x);
    const rows = [0, 1, 2].map((index) => pullback(t.oneHot(t.tensor(index, "int32"), 3, "float64")).data);
    for (const i of [0, 1, 2]) {
      for (const j of [0, 1, 2]) expect(rows[i]![j]).toBeCloseTo(rows[j]![i]!, 13);
    }
  });

  test("lets data be read, so that control flow may depend on it", () => {
    const f = (x: Tensor): Tensor => (x.data[0]! > 0 ? t.mul(x, 3) : t.mul(x, 5));
    expect(t.grad(f)(scalar(1)).item()).toBe(3);
    expect(t.grad(f)(scalar(-1)).item()).toBe(5);
  });

  test("leaves no trace: a tensor that escaped is an ordinary value afterwards", () => {
    let escaped = scalar(0);
    t.grad((x: Tensor) => {
      escaped = t.mul(x, 2);
      return escaped;
    })(scalar(3));
    expect(t.add(escaped, 1).item()).toBe(7);
    expect(
      t
        .grad((x: Tensor) => t.mul(x, escaped))(scalar(1))
        .item(),
    ).toBe(6);
  });

  test("works again after a function threw inside it", () => {
    expect(() =>
      t.grad(() => {
        throw new Error("inside");
      })(scalar(1)),
    ).toThrow("inside");
    expect(t.grad(cube)(scalar(1)).item()).toBe(3);
  });

  test("refuses a loss that is no single number", () => {
    expectRefusal(
      () => t.grad((x: Tensor) => x)(t.zeros([2, 3])),
      "GradientError",
      "grad: expected a scalar floating-point loss, received float32 [2, 3]. Take its mean or sum?",
    );
    expectRefusal(
      () => t.grad((x: Tensor) => t.argmax(x))(t.zeros([3])),
      "GradientError",
      "grad: expected a scalar floating-point loss, received int32 []. Take its mean or sum?",
    );
  });

  test("refuses parameters that are whole numbers, and says which", () => {
    expectRefusal(
      () => t.grad((p: { w: Tensor; n: Tensor[] }) => t.sum(p.w))({ w: t.zeros([1]), n: [t.tensor(1, "int32")] }),
      "DTypeError",
      'valueAndGrad: expected floating-point parameters, received int32 at "n.0". Pass it as a further argument?',
    );
  });
});

describe("valueAndGrad", () => {
  test("returns the value beside the gradients", () => {
    const { value, grads } = t.valueAndGrad((x: Tensor) => t.sum(t.square(x)))(t.tensor([1, 2, 3], "float64"));
    expect(value.item()).toBe(14);
    expect(grads.toArray()).toEqual([2, 4, 6]);
  });

  test("returns a further result beside them, untracked", () => {
    const step = t.valueAndGrad(
      (x: Tensor, bonus: number): [Tensor, { seen: Tensor; doubled: Tensor }] => {
        const doubled = t.mul(x, 2);
        return [t.add(t.sum(doubled), bonus), { seen: t.argmax(x), doubled }];
      },
      { aux: true },
    );
    const { value, grads, aux } = step(t.tensor([1, 4]), 0.5);
    expect([value.item(), grads.toArray(), aux.seen.item(), aux.doubled.toArray()]).toEqual([10.5, [2, 2], 1, [2, 8]]);
    expect(aux.doubled.node).toBeUndefined();
  });
});

describe("vjp", () => {
  test("pulls cotangents of trees back, as often as asked, linearly", () => {
    const { value, pullback } = t.vjp(({ a, b }: { a: Tensor; b: Tensor }) => [t.mul(a, b), t.sum(a)], {
      a: t.tensor([1, 2], "float64"),
      b: t.tensor([3, 4], "float64"),
    });
    expect(value.map((each) => each.toArray())).toEqual([[3, 8], 3]);
    const first = pullback([t.tensor([1, 0], "float64"), scalar(0)]);
    const second = pullback([t.tensor([0, 0], "float64"), scalar(1)]);
    const both = pullback([t.tensor([2, 0], "float64"), scalar(5)]);
    expect(first.a.toArray()).toEqual([3, 0]);
    expect(first.b.toArray()).toEqual([1, 0]);
    expect(second.a.toArray()).toEqual([1, 1]);
    expect(both).toEqual(t.mapTree((x, y) => t.add(t.mul(x, 2), t.mul(y, 5)), first, second));
  });

  test("refuses a cotangent of another shape", () => {
    const { pullback } = t.vjp((x: Tensor) => t.mul(x, 2), t.zeros([2]));
    expectRefusal(
      () => pullback(t.zeros([3])),
      "ShapeError",
      "pullback: expected a cotangent of shape [2], received [3]",
    );
  });
});

describe("stopGradient", () => {
  test("is the identity with the gradient of a constant", () => {
    const f = (x: Tensor): Tensor => t.mul(x, t.stopGradient(t.square(x)));
    expect(f(scalar(3)).item()).toBe(27);
    expect(t.grad(f)(scalar(3)).item()).toBe(9);
  });

  test("stops the gradients of every level", () => {
    const f = (x: Tensor): Tensor => t.mul(t.square(x), t.stopGradient(x));
    expect(t.grad(t.grad(f))(scalar(3)).item()).toBe(6);
  });
});

describe("customOperation", () => {
  const runningTotal = t.customOperation(
    "runningTotal",
    (x) => x,
    ([x], out) => {
      let total = 0;
      for (let i = 0; i < out.length; i++) out[i] = total += x![i]!;
    },
  );

  test("computes at once and in a compiled step", () => {
    const x = t.tensor([1, 2, 3]);
    expect(runningTotal(x).toArray()).toEqual([1, 3, 6]);
    expect(
      t
        .compile((y: t.Tensor) => t.mul(runningTotal(t.add(y, 1)), 2))(x)
        .toArray(),
    ).toEqual([4, 10, 18]);
  });

  test("lets no gradient pass unless it is given one", () => {
    expect(() => t.grad((x: t.Tensor) => t.sum(runningTotal(x)))(t.tensor([1, 2]))).toThrow(
      new t.GradientError("runningTotal", "expected no gradient to pass through it. Give it one with customGradient?"),
    );
    const withGradient = t.customGradient((x) => ({
      value: runningTotal(x),
      pullback: (g) => [t.flip(runningTotal(t.flip(g, 0)), 0)],
    }));
    expect(
      t
        .grad((x: t.Tensor) => t.sum(withGradient(x)))(t.tensor([1, 2, 5]))
        .toArray(),
    ).toEqual([3, 2, 1]);
  });
});

describe("customGradient", () => {
  const straightThrough = t.customGradient((x) => ({ value: t.round(x), pullback: (g) => [g] }));

  test("replaces the gradient: rounding that lets gradients through", () => {
    const x = t.tensor([0.2, 1.7], "float64");
    expect(straightThrough(x).toArray()).toEqual([0, 2]);
    expect(
      t
        .grad((y: Tensor) => t.sum(t.mul(straightThrough(y), y)))(x)
        .toArray(),
    ).toEqual([0.2, 3.7]);
  });

  test("may be differentiated again when its pullback can be", () => {
    const exponential = t.customGradient((x) => ({ value: t.exp(x), pullback: (g) => [t.mul(g, t.exp(x))] }));
    const f = (x: Tensor): Tensor => exponential(t.square(x));
    const plain = (x: Tensor): Tensor => t.exp(t.square(x));
    const orders = (g: (x: Tensor) => Tensor): number[] =>
      [g, t.grad(g), t.grad(t.grad(g)), t.grad(t.grad(t.grad(g)))].map((h) => h(scalar(0.5)).item());
    orders(f).forEach((value, order) => expect(value).toBeCloseTo(orders(plain)[order]!, 12));
  });

  test("returns a tree, and takes zeros for what the loss does not use", () => {
    const parts = t.customGradient<{ double: t.Tensor; rest: t.Tensor[] }>((x) => ({
      value: { double: t.mul(x, 2), rest: [t.neg(x)] },
      pullback: ({ double, rest: [rest] }) => [t.add(t.mul(double, 2), t.mul(rest!, 100))],
    }));
    expect(
      t
        .grad((x: t.Tensor) => t.sum(parts(x).double))(t.tensor([1, 2]))
        .toArray(),
    ).toEqual([2, 2]);
    const both = (x: t.Tensor): t.Tensor => t.sum(t.add(parts(x).double, parts(x).rest[0]!));
    expect(
      t
        .grad(both)(t.tensor([1, 2]))
        .toArray(),
    ).toEqual([102, 102]);
  });

  test("has one cotangent for each of several arguments", () => {
    const swapped = t.customGradient((a, b) => ({
      value: t.mul(a, b),
      pullback: (g) => [t.mul(g, a), t.mul(g, b)],
    }));
    const { a, b } = t.grad((p: { a: Tensor; b: Tensor }) => swapped(p.a, p.b))({ a: scalar(2), b: scalar(7) });
    expect([a.item(), b.item()]).toEqual([2, 7]);
  });

  test("refuses a cotangent of another shape, and a missing one", () => {
    const wrong = t.customGradient((x) => ({ value: x, pullback: () => [t.zeros([3])] }));
    const none = t.customGradient((x) => ({ value: x, pullback: () => [] }));
    const at = t.zeros([2]);
    expectRefusal(
      () => t.grad((x: Tensor) => t.sum(wrong(x)))(at),
      "ShapeError",
      "customGradient: expected cotangent 0 of shape [2], received [3]",
    );
    expectRefusal(
      () => t.grad((x: Tensor) => t.sum(none(x)))(at),
      "ShapeError",
      "customGradient: expected cotangent 0 of shape [2], received nothing",
    );
  });
});
