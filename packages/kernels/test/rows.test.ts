import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import {
  addRows,
  logSoftmaxRows,
  mapBinary,
  reserve,
  softmaxRows,
  sumColumns,
  sumRows,
  takeRows,
} from "../src/index.ts";
import { trials } from "./support/trials.ts";

const region = reserve(3 * 8192);
const element = fc.oneof(
  fc.float({ min: -20, max: 20, noNaN: true }),
  fc.constantFrom(0, -0, Infinity, -Infinity, NaN),
);
const sizes = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 35 })),
  // more rows than are worked on together
  fc.tuple(fc.integer({ min: 30, max: 70 }), fc.integer({ min: 1, max: 11 })),
);
const matrix = sizes.chain(([rows, length]) =>
  fc.record({
    rows: fc.constant(rows),
    length: fc.constant(length),
    xs: fc.array(element, { minLength: rows * length, maxLength: rows * length }),
  }),
);

/** Float32 values in the kernels' own memory, at one of three places that do not overlap. */
function here(values: ArrayLike<number>, place: number): Float32Array {
  const view = new Float32Array(region.buffer as ArrayBuffer, region.start + place * 8192, values.length);
  view.set(values);
  return view;
}

const kernels = { sumRows, sumColumns, softmaxRows, logSoftmaxRows };

describe.each(Object.entries(kernels))("%s", (name, kernel) => {
  test.prop([matrix], trials(2000))("has the bits of the plain loop in the kernels' memory", ({ rows, length, xs }) => {
    const size = name === "sumRows" ? rows : name === "sumColumns" ? length : rows * length;
    const plain = new Float32Array(size);
    kernel(Float32Array.from(xs), plain, rows, length);
    const fast = here(new Float32Array(size + 1).fill(7), 1);
    kernel(here(xs, 0), fast.subarray(0, size), rows, length);
    expect([...fast]).toEqual([...plain, 7]);
  });
});

test("softmaxRows gives every row a sum of 1", () => {
  const out = new Float64Array(6);
  softmaxRows(Float64Array.of(1, 2, 3, 1000, 1000, -1000), out, 2, 3);
  expect([...out].map((value) => value.toFixed(6))).toEqual([
    "0.090031",
    "0.244728",
    "0.665241",
    "0.500000",
    "0.500000",
    "0.000000",
  ]);
});

test("sumColumns adds in float64", () => {
  const out = new Float32Array(1);
  sumColumns(Float32Array.of(1e8, 1, -1e8), out, 3, 1);
  expect(out[0]).toBe(1);
});

test.prop([
  fc.integer({ min: 0, max: 6 }),
  fc.integer({ min: 0, max: 19 }),
  fc.array(fc.float({ noNaN: true }), { minLength: 120, maxLength: 120 }),
])("mapBinary adds one row to all rows with the bits of the plain loop", (rows, length, xs) => {
  const walk = { rows, length, aStart: 0, bStart: 1, outStart: 0, aRow: length, bRow: 0, aStep: 1, bStep: 1 };
  const plain = new Float32Array(rows * length);
  mapBinary("add", Float32Array.from(xs), Float32Array.from(xs), plain, walk);
  const fast = here(new Float32Array(rows * length), 2);
  mapBinary("add", here(xs, 0), here(xs, 1), fast, walk);
  expect([...fast]).toEqual([...plain]);
});

describe.each(Object.entries({ takeRows, addRows }))("%s", (name, kernel) => {
  const element = fc.float({ noNaN: true, min: -1e6, max: 1e6 });
  const cases = fc
    .record({ table: fc.integer({ min: 1, max: 6 }), length: fc.integer({ min: 1, max: 23 }), rows: fc.nat(9) })
    .chain(({ table, length, rows }) =>
      fc.record({
        length: fc.constant(length),
        table: fc.array(element, { minLength: (table + 1) * length, maxLength: (table + 1) * length }),
        list: fc.array(element, { minLength: (rows + 1) * length, maxLength: (rows + 1) * length }),
        indices: fc.array(fc.nat(table - 1), { minLength: rows, maxLength: rows }),
      }),
    );

  test.prop([cases], trials(10_000))(
    "has the bits of the plain loop in the kernels' memory",
    ({ length, table, list, indices }) => {
      // the first row of either array is left alone
      const [x, out] = name === "takeRows" ? [table, list] : [list, table];
      const places = { length, xStart: length, outStart: length };
      const plain = Float32Array.from(out);
      kernel(Float32Array.from(x), Int32Array.from(indices), plain, places);
      const fast = here(out, 1);
      const where = here(new Float32Array(indices.length), 2);
      const own = new Int32Array(where.buffer, where.byteOffset, where.length);
      own.set(indices);
      kernel(here(x, 0), own, fast, places);
      expect([...fast]).toEqual([...plain]);
    },
  );
});

test("takeRows moves rows and addRows adds to the rows that are named", () => {
  const out = new Float32Array(4);
  const places = { length: 2, xStart: 0, outStart: 0 };
  takeRows(Float32Array.of(1, 2, 3, 4, 5, 6), Int32Array.of(2, 0), out, places);
  expect([...out]).toEqual([5, 6, 1, 2]);
  addRows(Float32Array.of(10, 20, 30, 40), Int32Array.of(1, 1), out, places);
  expect([...out]).toEqual([5, 6, 41, 62]);
});

test("takeRows moves long rows, too", () => {
  const x = Float32Array.from({ length: 300 }, (_, i) => i);
  const out = new Float32Array(201);
  takeRows(x, Int32Array.of(2, 0), out, { length: 100, xStart: 0, outStart: 1 });
  expect([...out]).toEqual([0, ...x.subarray(200, 300), ...x.subarray(0, 100)]);
});
