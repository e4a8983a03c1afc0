import { decode, read } from "@ganglion/adders";
import type { Plan, Weights } from "@ganglion/adders";
import { countParameters, flattenTree, fromData, key, mean, sin, slice, valueAndGrad } from "@ganglion/tensor";
import type { Tensor, Tree } from "@ganglion/tensor";
import { expectGradient } from "@ganglion/testing";
import { describe, expect, test } from "vitest";
import { arc62Plan, arc62Weights, initialiseArc62 } from "../../src/transformers/arc62/model.ts";
import { initialiseLowRank311, lowRank311Plan, lowRank311Weights } from "../../src/transformers/lowRank311/model.ts";

/** A plan, random parameters, and how they become weights. */
interface Family<Params extends Tree> {
  readonly plan: Plan;
  readonly params: Params;
  readonly weights: (params: Params) => Weights;
  readonly count: number;
}

function judged<Params extends Tree>({ plan, params, weights, count }: Family<Params>): void {
  const tokens = fromData(
    Int32Array.from({ length: 24 }, (_, at) => (7 * at) % 10),
    [2, 12],
  );

  test("has as many parameters as it says", () => {
    expect(countParameters(params)).toBe(count);
  });

  test("can be trained: its gradient is that of central differences, through all that is tied", () => {
    const flat = flattenTree(params);
    const loss = (p: Params): Tensor => mean(sin(read(plan, weights(p), tokens).logits));
    const rebuild = (values: readonly Float64Array[]): Params =>
      flat.unflatten(values.map((data, index) => fromData(data.slice(), flat.leaves[index]!.shape)));
    expectGradient({
      value: (values) => loss(rebuild(values)).item(),
      gradient: (values) =>
        flattenTree(valueAndGrad(loss)(rebuild(values)).grads).leaves.map(({ data }) => Float64Array.from(data)),
      at: flat.leaves.map(({ data }) => Float64Array.from(data)),
      tolerance: 1e-6,
    });
  });

  test("decodes", () => {
    const result = decode(plan, weights(params), slice(tokens, [null, [0, 5]]), { steps: 3 });
    expect(result.shape).toEqual([2, 8]);
    expect(result.data.every((token) => token >= 0 && token < plan.vocabulary)).toBe(true);
  });
}

describe("the plan of 311 parameters", () => {
  judged({
    plan: lowRank311Plan,
    params: initialiseLowRank311(key(2)),
    weights: lowRank311Weights,
    count: 311,
  });
});

describe("the plan of 62 parameters", () => {
  judged({
    plan: arc62Plan,
    params: initialiseArc62(key(2)),
    weights: arc62Weights,
    count: 62,
  });
});
