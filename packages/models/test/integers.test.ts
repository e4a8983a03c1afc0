import { bernoulli, synchronous } from "@ganglion/nca";
import { decode } from "@ganglion/int8";
import { key } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import { heldOut } from "../src/problems/heldOut.ts";
import { integerWeights } from "../src/solve/integers.ts";
import { arithmeticOf, readDigits, run } from "../src/solve/run.ts";
import type { Model, Step } from "../src/solve/run.ts";
import { solve } from "../src/solve/solve.ts";
import { encodeWeights } from "../src/weights/bytes.ts";
import { load, modelNames } from "../src/weights/registry.ts";

describe.each([...modelNames])("%s in integers", (name) => {
  test("has the codes of its file", async () => {
    const { adder, params } = await load(name);
    const { router, first, second } = integerWeights(params);
    const { entries } = decode(encodeWeights(adder, params, { precision: "int8" }));
    for (const [path, codes] of Object.entries({
      "router.weight": router,
      "experts.w1": first,
      "experts.w2": second,
    })) {
      const entry = entries.find((each) => each.name === `rule.${path}`);
      expect(entry).toMatchObject({ kind: "int8", codes: codes.codes, scales: codes.scales });
    }
  });

  test.each([bernoulli(0.5), synchronous()])("shows the digits that float32 shows, $name", async (schedule) => {
    const model = await load(name);
    const problems = heldOut(31, 500);
    const config = { steps: 46, schedule, key: key(7) };
    const digits = (one: Model): unknown => readDigits(one, run(one, problems, config)).data;
    expect(digits(model)).toEqual(digits({ ...model, fused: false }));
  });

  test("shows the same whether it is watched or not, and who fired", async () => {
    const model = await load(name);
    const problems = heldOut(32, 20);
    const schedule = bernoulli(0.5);
    const config = { steps: 50, schedule, key: key(7) };
    const seen: Step[] = [];
    const watched = run(model, problems, { ...config, onStep: (step) => seen.push(step) });
    expect(watched).toEqual(run(model, problems, config));
    const masks = seen.map(({ step }) => schedule.fired({ step: step - 1, batch: 20, cells: 8, key: config.key }));
    expect(seen.map(({ fired }) => fired)).toEqual(masks);
    expect(seen.map(({ experts }) => experts.length)).toEqual(masks.map((mask) => 2 * mask.filter(Boolean).length));
  });

  test("is what a model of the registry computes in, unless it is told otherwise", async () => {
    expect(arithmeticOf(await load(name))).toBe("int8");
    expect(arithmeticOf(await load(name, { precision: "float32" }))).toBe("float32");
    expect(arithmeticOf({ ...(await load(name)), fused: false })).toBe("float32");
  });

  test("carries through a strip that it never saw, like float32", async () => {
    const model = await load(name);
    const [a, b] = name === "gary" ? ["9999999", "1"] : ["9".repeat(40), "1"];
    for (const one of [model, { ...model, fused: false }]) {
      expect(solve(one, "add", a, b, { seed: 4 }).answer).toBe(`1${"0".repeat(a.length)}`);
    }
  });
});
