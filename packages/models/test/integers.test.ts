import { bernoulli, synchronous } from "@ganglion/nca";
import { decode } from "@ganglion/int8";
import { key } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import { heldOut } from "../src/problems/heldOut.ts";
import { integerWeights } from "../src/solve/integers.ts";
import { arithmeticOf, readDigits, run } from "../src/solve/run.ts";
import type { Model, Step } from "../src/solve/run.ts";
import { plan } from "../src/solve/schedules.ts";
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

  test("computes less where cells wait for news, and shows the same digits", async () => {
    const model = await load(name);
    const problems = heldOut(33, 500);
    const { schedule, steps, news } = plan("event-driven", 8);
    const config = { steps, schedule, key: key(7) };
    const seen: Step[] = [];
    const state = run(model, problems, { ...config, news, onStep: (step) => seen.push(step) });
    expect(run(model, problems, { ...config, news })).toEqual(state);
    const [waiting, always] = [state, run(model, problems, config)].map((each) => readDigits(model, each).data);
    const other = waiting!.filter((digit, place) => digit !== always![place]).length;
    // one rule for two operations is less sure of itself
    expect(other).toBeLessThanOrEqual(name === "ripple-add-sub" ? 2 : 0);
    const [fired, asked] = (["fired", "asked"] as const).map((which) =>
      seen.reduce((sum, step) => sum + step[which].filter(Boolean).length, 0),
    ) as [number, number];
    expect(asked).toBe(500 * 8 * steps);
    expect(fired).toBeLessThan(asked / 2);
    expect(seen.at(-1)!.experts).toHaveLength(2 * seen.at(-1)!.fired.filter(Boolean).length);
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
