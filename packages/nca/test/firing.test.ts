import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { firedCount, firedRows } from "../src/firing.ts";

test.prop([fc.array(fc.constantFrom(0, 1), { maxLength: 300, size: "max" }), fc.nat({ max: 7 })])(
  "firedCount is the number of firedRows, wherever a mask begins",
  (bytes, start) => {
    const mask = Uint8Array.from([...new Uint8Array(start), ...bytes]).subarray(start);
    const ones = bytes.flatMap((byte, place) => (byte === 1 ? [place] : []));
    expect(firedCount(mask)).toBe(ones.length);
    expect([...firedRows(mask)]).toEqual(ones);
  },
);
