import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gemmReference, groupedGemm, groupedOuter } from "../src/index.ts";
import { bits, sequence } from "./support/samples.ts";
import { trials } from "./support/trials.ts";

const problems = fc.record({
  sizes: fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 6 }),
  spare: fc.integer({ min: 0, max: 4 }),
  inputs: fc.integer({ min: 1, max: 20 }),
  outputs: fc.integer({ min: 1, max: 20 }),
  transposeWeights: fc.boolean(),
  seed: fc.nat(),
});

describe.each([Float32Array, Float64Array])("with %s", (Values) => {
  test.prop([problems], trials(100))(
    "groupedGemm equals one product per group, and rows past the last group are 0",
    ({ sizes, spare, inputs, outputs, transposeWeights, seed }) => {
      const next = sequence(seed);
      const rows = total(sizes) + spare;
      const x = new Values(rows * inputs).map(next);
      const weights = new Values(sizes.length * inputs * outputs).map(next);
      const out = new Values(rows * outputs).fill(7);
      groupedGemm(x, weights, Int32Array.from(sizes), out, { rows, inputs, outputs, transposeWeights });
      let row = 0;
      for (const [group, m] of sizes.entries()) {
        const a = x.slice(row * inputs, (row + m) * inputs);
        const b = weights.slice(group * inputs * outputs, (group + 1) * inputs * outputs);
        const expected = new Values(m * outputs);
        gemmReference({ m, n: outputs, k: inputs, a, b, out: expected, transposeB: transposeWeights });
        expect(bits(out.slice(row * outputs, (row + m) * outputs))).toEqual(bits(expected));
        row += m;
      }
      expect(out.slice(row * outputs)).toEqual(new Values(spare * outputs));
    },
  );

  test.prop([problems], trials(100))(
    "groupedOuter equals x transposed times g per group, 0 for an empty one",
    ({ sizes, inputs, outputs, seed }) => {
      const next = sequence(seed);
      const x = new Values(total(sizes) * inputs).map(next);
      const g = new Values(total(sizes) * outputs).map(next);
      const out = new Values(sizes.length * inputs * outputs).fill(7);
      groupedOuter(x, g, Int32Array.from(sizes), out, { inputs, outputs });
      let row = 0;
      for (const [group, k] of sizes.entries()) {
        const a = x.slice(row * inputs, (row + k) * inputs);
        const b = g.slice(row * outputs, (row + k) * outputs);
        const expected = new Values(inputs * outputs);
        gemmReference({ m: inputs, n: outputs, k, a, b, out: expected, transposeA: true });
        expect(bits(out.slice(group * inputs * outputs, (group + 1) * inputs * outputs))).toEqual(bits(expected));
        row += k;
      }
    },
  );
});

function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
