import { CodecError } from "@ganglion/int8";
import { flattenTree, key } from "@ganglion/tensor";
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gary } from "../src/adder/gary.ts";
import { ripple } from "../src/adder/ripple.ts";
import { rippleAddSub } from "../src/adder/rippleAddSub.ts";
import { decodeWeights, encodeWeights } from "../src/weights/bytes.ts";
import { UnknownModelError, WeightsError } from "../src/weights/errors.ts";
import { define, modelNames, readBase64 } from "../src/weights/registry.ts";

const adders = fc.constantFrom(gary, ripple, rippleAddSub);

describe("weights", () => {
  test.prop([adders, fc.nat()], { numRuns: 10 })("come back bit for bit as float32", (adder, seed) => {
    const params = adder.init(key(seed));
    expect(decodeWeights(adder, encodeWeights(adder, params, { precision: "float32" }))).toEqual(params);
  });

  test.prop([adders, fc.nat()], { numRuns: 5 })(
    "come back within half a code as int8, and settle there",
    (adder, seed) => {
      const params = adder.init(key(seed));
      for (const precision of ["int8", "int8-per-tensor"] as const) {
        const bytes = encodeWeights(adder, params, { precision });
        const back = decodeWeights(adder, bytes);
        const leaves = flattenTree(back).leaves;
        for (const [index, { data }] of flattenTree(params).leaves.entries()) {
          const largest = Math.max(...Array.from(data, Math.abs));
          const worst = Math.max(...Array.from(data, (value, at) => Math.abs(value - leaves[index]!.data[at]!)));
          expect(worst).toBeLessThanOrEqual((largest / 127) * 0.51);
        }
        expect(encodeWeights(adder, back, { precision })).toEqual(bytes);
      }
    },
  );

  test("of gary take less than 28 KB as int8", () => {
    expect(encodeWeights(gary, gary.init(key(1)), { precision: "int8" }).length).toBeLessThanOrEqual(28_000);
  });

  test("of another model are refused", () => {
    const bytes = encodeWeights(ripple, ripple.init(key(1)), { precision: "int8" });
    expect(() => decodeWeights(gary, bytes)).toThrow(
      expect.objectContaining({
        name: "WeightsError",
        message: "gary: expected weights of gary, received those of ripple",
      }),
    );
  });

  test("that are damaged are refused", () => {
    const bytes = encodeWeights(gary, gary.init(key(1)), { precision: "int8" });
    bytes[5000]! ^= 1;
    expect(() => decodeWeights(gary, bytes)).toThrow(CodecError);
    expect(() => decodeWeights(gary, bytes.subarray(0, 1000))).toThrow(CodecError);
    expect(() => decodeWeights(gary, new Uint8Array())).toThrow(CodecError);
  });

  test("that a build has not are named with the remedy", () => {
    expect(() => readBase64(gary, "")).toThrow(
      new WeightsError("gary", "expected weights in this build, found none. Train them: ganglion train gary"),
    );
  });
});

describe("the registry", () => {
  test.each([...modelNames])("defines %s under its own name", async (name) => {
    const { adder, recipe, card } = await define(name);
    expect([adder.config.name, recipe.model, card.model]).toEqual([name, name, name]);
  });

  test.each([
    ["grya", 'load: expected a model among ripple, gary or ripple-add-sub, received "grya". Did you mean gary?'],
    ["toString", 'load: expected a model among ripple, gary or ripple-add-sub, received "toString".'],
  ])("refuses %s", async (name, message) => {
    const failure = define(name);
    await expect(failure).rejects.toBeInstanceOf(UnknownModelError);
    await expect(failure).rejects.toHaveProperty("message", message);
  });
});
