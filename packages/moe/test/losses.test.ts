import { type Tensor, fromData, grad, tensor, topK, zeros } from "@ganglion/tensor";
import { type GradientClaim, expectGradient } from "@ganglion/testing";
import { describe, expect, test } from "vitest";
import { loadBalancingLoss, moe, routerZLoss } from "../src/index.ts";
import { randomParams, randomRows } from "./helpers.ts";

const int32 = (rows: number[][]): Tensor => tensor(rows, "int32");

describe("loadBalancingLoss", () => {
  test("is 1 when router and load are even", () => {
    expect(loadBalancingLoss(zeros([4, 4]), int32([[0], [1], [2], [3]])).item()).toBeCloseTo(1, 6);
    expect(
      loadBalancingLoss(
        zeros([2, 4]),
        int32([
          [0, 1],
          [2, 3],
        ]),
      ).item(),
    ).toBeCloseTo(1, 6);
  });

  test("is the number of experts when one gets everything with certainty", () => {
    const logits = tensor(
      [
        [50, 0, 0],
        [50, 0, 0],
      ],
      "float64",
    );
    expect(loadBalancingLoss(logits, int32([[0], [0]])).item()).toBeCloseTo(3, 12);
  });

  test("is experts times the sum of share times mean probability", () => {
    const logits = tensor(
      [
        [Math.log(3), 0],
        [0, 0],
      ],
      "float64",
    );
    // shares 3/4 and 1/4, probabilities (3/4 + 1/2) / 2 and (1/4 + 1/2) / 2
    expect(
      loadBalancingLoss(
        logits,
        int32([
          [0, 0],
          [0, 1],
        ]),
      ).item(),
    ).toBeCloseTo(2 * (0.75 * 0.625 + 0.25 * 0.375), 12);
  });

  test("takes the shares as constants in its gradient", () => {
    const logits = randomRows(1, 5, 4);
    const chosen = topK(logits, 2).indices;
    const loss = (x: Tensor): Tensor => loadBalancingLoss(x, chosen);
    const claim: GradientClaim = {
      value: ([values]) => loss(fromData(values!, [5, 4])).item(),
      gradient: ([values]) => [grad(loss)(fromData(values!, [5, 4])).data as Float64Array],
      at: [logits.data as Float64Array],
    };
    expect(() => expectGradient(claim)).not.toThrow();
  });

  test("is lowered by its own gradient", () => {
    const layer = moe({ inputs: 3, outputs: 2, balance: 1 });
    const params = {
      ...randomParams(layer, 1),
      router: { weight: zeros([3, 6], "float64"), bias: tensor([2, 1, 0, 0, 0, 0], "float64") },
    };
    const x = randomRows(2, 20, 3);
    const loss = (bias: Tensor): Tensor =>
      layer.apply({ ...params, router: { ...params.router, bias } }, x).losses.balance;
    const gradient = grad(loss)(params.router.bias);
    const moved = fromData(Float64Array.from(params.router.bias.data, (value, i) => value - 0.1 * gradient.data[i]!));
    expect(loss(moved).item()).toBeLessThan(loss(params.router.bias).item());
  });

  test("refuses what is not a matrix", () => {
    expect(() => loadBalancingLoss(zeros([3]), int32([[0]]))).toThrow(
      "loadBalancingLoss: expected logits as [rows, experts], received [3]. Reshape it to a matrix with one row per item?",
    );
  });
});

describe("routerZLoss", () => {
  test("is the mean squared log of the summed exponentials", () => {
    const logits = tensor(
      [
        [0, 0],
        [Math.log(3), 0],
      ],
      "float64",
    );
    expect(routerZLoss(logits).item()).toBeCloseTo((Math.log(2) ** 2 + Math.log(4) ** 2) / 2, 12);
  });
});

describe("moe's losses", () => {
  test("are multiplied by their weights, and 0 without", () => {
    const config = { inputs: 3, outputs: 2 };
    const plain = moe(config);
    const params = randomParams(plain, 3);
    const x = randomRows(4, 7, 3);
    const whole = moe({ ...config, balance: 1, z: 1 }).apply(params, x).losses;
    const part = moe({ ...config, balance: 0.25, z: 0.5 }).apply(params, x).losses;
    expect(part.balance.item()).toBeCloseTo(whole.balance.item() / 4, 12);
    expect(part.z.item()).toBeCloseTo(whole.z.item() / 2, 12);
    const none = plain.apply(params, x).losses;
    expect([none.balance.item(), none.z.item(), none.z.dtype]).toEqual([0, 0, "float64"]);
  });
});
