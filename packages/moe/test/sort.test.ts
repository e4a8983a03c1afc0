import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { groupByExpert } from "../src/sort.ts";

describe("groupByExpert", () => {
  test.prop([fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 })])(
    "sorts assignments by expert and keeps the order of equal ones",
    (assigned) => {
      const { order, experts, sizes } = groupByExpert(assigned, 6);
      const expected = assigned.map((_, i) => i).toSorted((a, b) => assigned[a]! - assigned[b]! || a - b);
      expect([...order]).toEqual(expected);
      expect([...experts]).toEqual(expected.map((place) => assigned[place]));
      expect([...sizes]).toEqual(Array.from({ length: 6 }, (_, e) => assigned.filter((one) => one === e).length));
    },
  );
});
