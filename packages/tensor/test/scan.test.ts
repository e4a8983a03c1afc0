import { expectGradient } from "@ganglion/testing";
import { describe, expect, test } from "vitest";
import * as t from "../src/index.ts";
import type { Tensor } from "../src/index.ts";
import { record, withTape } from "../src/tape.ts";
import { Random } from "./support/random.ts";
import { expectRefusal } from "./support/expect-refusal.ts";

const width = 3;

/** Weights, start state and inputs of a small recurrent cell. */
type Setting = {
  readonly weight: Tensor;
  readonly start: Tensor;
  readonly xs: Tensor;
};

function setting(seed: string, steps: number): Setting {
  const random = new Random(seed);
  const draw = (shape: number[]): Tensor =>
    t.fromData(
      Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.real(-1, 1)),
      shape,
    );
  return { weight: draw([width, width]), start: draw([2, width]), xs: draw([steps, 2, width]) };
}

const cell = (weight: Tensor, state: Tensor, x: Tensor): { carry: Tensor; y: Tensor } => {
  const carry = t.tanh(t.add(t.matmul(state, weight), x));
  return { carry, y: t.mul(t.sum(carry, -1), t.mean(weight)) };
};

/** The last state and the outputs, weighed into one number. */
const loss = (carry: Tensor, ys: Tensor): Tensor => t.add(t.sum(t.square(carry)), t.mean(t.mul(ys, ys)));

const scanned =
  (checkpoint?: number) =>
  ({ weight, start, xs }: Setting): Tensor => {
    const options = checkpoint === undefined ? {} : { checkpoint };
    const { carry, ys } = t.scan((state: Tensor, x: Tensor) => cell(weight, state, x), start, xs, options);
    return loss(carry, ys);
  };

const unrolled = ({ weight, start, xs }: Setting): Tensor => {
  let state = start;
  const ys: Tensor[] = [];
  for (let step = 0; step < xs.shape[0]!; step++) {
    const { carry, y } = cell(weight, state, t.squeeze(t.slice(xs, [[step, step + 1]]), 0));
    state = carry;
    ys.push(y);
  }
  return loss(state, t.stack(ys));
};

function expectClose(actual: t.Tree, expected: t.Tree, tolerance = 1e-12): void {
  const [got, wanted] = [t.flattenTree(actual).leaves, t.flattenTree(expected).leaves];
  expect(got.map(({ shape }) => shape)).toEqual(wanted.map(({ shape }) => shape));
  got.forEach(({ data }, leaf) => {
    data.forEach((value, index) => {
      expect(Math.abs(value - wanted[leaf]!.data[index]!)).toBeLessThanOrEqual(tolerance);
    });
  });
}

const nodesOf = (run: (x: Tensor) => unknown): number =>
  withTape((tape) => {
    const [x] = record(tape, [], [t.full([2, width], 0.1, "float64")]);
    run(x!);
    return tape.nodes.length;
  });

describe.each([undefined, 1, 2, 3, 5, 100])("scan with checkpoint %s", (checkpoint) => {
  test("has the value of the unrolled loop, bit for bit", () => {
    for (let steps = 1; steps <= 7; steps++) {
      const given = setting(`value ${steps}`, steps);
      expect(scanned(checkpoint)(given).item()).toBe(unrolled(given).item());
    }
  });

  test("has the gradient of the unrolled loop for carry, inputs and what the body closes over", () => {
    for (let steps = 1; steps <= 7; steps++) {
      const given = setting(`gradient ${steps}`, steps);
      expectClose(t.grad(scanned(checkpoint))(given), t.grad(unrolled)(given));
    }
  });

  test("has the gradient of the gradient of the unrolled loop", () => {
    for (let steps = 1; steps <= 5; steps++) {
      const given = setting(`second ${steps}`, steps);
      const slope = (f: (given: Setting) => Tensor) => (at: Setting) =>
        t
          .flattenTree(t.grad(f)(at))
          .leaves.reduce((sum, each) => t.add(sum, t.sum(t.sin(each))), t.full([], 0, "float64"));
      expectClose(t.grad(slope(scanned(checkpoint)))(given), t.grad(slope(unrolled))(given), 1e-11);
    }
  });

  test("puts the same number of nodes on the tape for 1 block of steps and for 40", () => {
    const block = checkpoint ?? 1;
    const nodes = (steps: number): number =>
      nodesOf((x) =>
        t.scan((state: Tensor) => ({ carry: t.tanh(t.mul(state, x)), y: state }), x, steps, { checkpoint: block }),
      );
    expect(nodes(40 * block)).toBe(nodes(2 * block));
  });
});

describe("scan", () => {
  test("adds up: the carry is the running total and the outputs are its history", () => {
    const { carry, ys } = t.scan(
      (total: Tensor, x: Tensor) => ({ carry: t.add(total, x), y: t.add(total, x) }),
      t.tensor(10),
      t.tensor([1, 2, 3]),
    );
    expect(carry.item()).toBe(16);
    expect(ys.toArray()).toEqual([11, 13, 16]);
  });

  test("has the gradient of central differences", () => {
    const given = setting("differences", 4);
    const shapes = [given.weight.shape, given.start.shape, given.xs.shape];
    const build = (inputs: readonly Float64Array[]): Setting => {
      const [weight, start, xs] = inputs.map((data, index) => t.fromData(data, shapes[index])) as [
        Tensor,
        Tensor,
        Tensor,
      ];
      return { weight, start, xs };
    };
    expectGradient({
      at: [given.weight, given.start, given.xs].map(({ data }) => Float64Array.from(data)),
      value: (inputs) => scanned(2)(build(inputs)).item(),
      gradient: (inputs) => {
        const { weight, start, xs } = t.grad(scanned(2))(build(inputs));
        return [weight, start, xs].map(({ data }) => Float64Array.from(data));
      },
    });
  });

  test("takes the number of steps instead of inputs, and gives the body an empty list", () => {
    const seen: unknown[] = [];
    const { carry } = t.scan(
      (state: Tensor, x: t.Tree) => {
        seen.push(x);
        return { carry: t.mul(state, 2), y: state };
      },
      t.tensor(1),
      5,
    );
    expect(carry.item()).toBe(32);
    expect(seen[0]).toEqual([]);
  });

  test("carries trees with integers, and lets gradients pass beside them", () => {
    const run = (x: Tensor): Tensor => {
      const { carry } = t.scan(
        ({ count, value }: { count: Tensor; value: Tensor }, index: Tensor) => ({
          carry: { count: t.add(count, index), value: t.mul(value, x) },
          y: index,
        }),
        { count: t.tensor(0, "int32"), value: t.tensor(1, "float64") },
        t.tensor([1, 2, 3], "int32"),
      );
      return t.add(carry.value, t.cast(carry.count, "float64"));
    };
    expect(run(t.tensor(2, "float64")).item()).toBe(14);
    expect(t.grad(run)(t.tensor(2, "float64")).item()).toBe(12);
  });

  test("nests, closing over tensors of both levels", () => {
    const nested = (w: Tensor): Tensor =>
      t.scan(
        (outer: Tensor) => ({
          carry: t.scan((inner: Tensor) => ({ carry: t.sin(t.add(t.mul(inner, w), outer)), y: inner }), outer, 3).carry,
          y: outer,
        }),
        w,
        2,
      ).carry;
    const flat = (w: Tensor): Tensor => {
      let outer = w;
      for (let i = 0; i < 2; i++) {
        let inner = outer;
        for (let j = 0; j < 3; j++) inner = t.sin(t.add(t.mul(inner, w), outer));
        outer = inner;
      }
      return outer;
    };
    const at = t.tensor(0.8, "float64");
    expect(nested(at).item()).toBe(flat(at).item());
    expectClose(t.grad(nested)(at), t.grad(flat)(at));
    expectClose(t.grad((w: Tensor) => t.grad(nested)(w))(at), t.grad((w: Tensor) => t.grad(flat)(w))(at));
  });

  test("may take gradients inside its body and be differentiated outside: gradient descent learns its rate", () => {
    const descend = (rate: Tensor): Tensor => {
      const { carry } = t.scan(
        (x: Tensor) => ({ carry: t.sub(x, t.mul(rate, t.grad((y: Tensor) => t.sum(t.square(y)))(x))), y: x }),
        t.tensor(1, "float64"),
        3,
      );
      return carry;
    };
    // x after 3 steps is (1 - 2 rate)^3
    const rate = t.tensor(0.1, "float64");
    expect(descend(rate).item()).toBeCloseTo(0.8 ** 3, 14);
    expect(t.grad(descend)(rate).item()).toBeCloseTo(-6 * 0.8 ** 2, 13);
    expect(
      t
        .grad((r: Tensor) => t.grad(descend)(r))(rate)
        .item(),
    ).toBeCloseTo(24 * 0.8, 12);
  });

  test("refuses a carry that changes its shape", () => {
    expectRefusal(
      () => t.scan((c: { h: Tensor }) => ({ carry: { h: t.concat([c.h, c.h]) }, y: [] }), { h: t.zeros([2]) }, 2),
      "ShapeError",
      'scan: expected a carry of shape [2] at "h", received [4]',
    );
  });

  test("refuses inputs of different lengths", () => {
    expectRefusal(
      () => t.scan((c: Tensor) => ({ carry: c, y: c }), t.tensor(0), [t.zeros([2]), t.zeros([3, 1])]),
      "ShapeError",
      "scan: expected xs with one common length of axis 0, received [2], [3, 1]",
    );
  });

  test("refuses no steps and a checkpoint of 0", () => {
    const body = (c: Tensor): t.ScanStep<Tensor, Tensor> => ({ carry: c, y: c });
    expectRefusal(() => t.scan(body, t.tensor(0), 0), "ShapeError", "scan: expected at least one step, received 0");
    expectRefusal(
      () => t.scan(body, t.tensor(0), 3, { checkpoint: 0 }),
      "ConfigError",
      "scan: expected checkpoint to be a whole number from 1, received 0",
    );
  });
});

describe("checkpoint", () => {
  test("changes neither value nor gradients, of first and second order", () => {
    const f = ({ a, b }: { a: Tensor; b: Tensor }): Tensor => t.sum(t.tanh(t.mul(a, t.sin(b))));
    const saved = t.checkpoint(f);
    const at = { a: t.tensor([0.5, -1], "float64"), b: t.tensor([2, 0.3], "float64") };
    expect(saved(at).item()).toBe(f(at).item());
    expectClose(t.grad(saved)(at), t.grad(f)(at));
    const slope = (g: typeof f) => (x: typeof at) => t.sum(t.square(t.grad(g)(x).a));
    expectClose(t.grad(slope(saved))(at), t.grad(slope(f))(at));
  });

  test("computes the function again for the backward pass instead of storing it", () => {
    let calls = 0;
    const saved = t.checkpoint((x: Tensor) => {
      calls++;
      return t.exp(t.sin(x));
    });
    t.grad(saved)(t.tensor(1, "float64"));
    expect(calls).toBe(2);
    expect(nodesOf((x) => saved(x))).toBeLessThan(5);
  });
});
