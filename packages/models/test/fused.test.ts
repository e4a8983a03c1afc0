import { bernoulli, synchronous } from "@ganglion/nca";
import { key } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import { gary } from "../src/adder/gary.ts";
import { ripple } from "../src/adder/ripple.ts";
import { heldOut } from "../src/problems/heldOut.ts";
import { readDigits, run } from "../src/solve/run.ts";
import type { Model, Step } from "../src/solve/run.ts";

describe.each([gary, ripple])("$config.name, fused", (adder) => {
  const params = adder.init(key(3));
  const problems = heldOut(1, 300);

  test.each([bernoulli(0.5), synchronous()])("shows the digits that tensor operations show, $name", (schedule) => {
    const [fused, plain] = [true, false].map((which) => digitsOf({ adder, params, fused: which }));
    expect(fused).toEqual(plain);

    function digitsOf(model: Model): unknown {
      const steps: Omit<Step, "state">[] = [];
      const onStep = ({ step, fired, asked, experts }: Step): unknown => steps.push({ step, fired, asked, experts });
      const config = { steps: 30, schedule, key: key(7) };
      const watched = run(model, problems, { ...config, onStep });
      const digits = readDigits(model, run(model, problems, config)).data;
      expect(readDigits(model, watched).data).toEqual(digits);
      return { digits, steps };
    }
  });
});
