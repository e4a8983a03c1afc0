import { fc, test } from "@fast-check/vitest";
import { type Key, type Tensor, add, full, key, mul, ones, randomInt, slice, zeros } from "@ganglion/tensor";
import { describe, expect } from "vitest";
import { type PoolConfig, type PoolRates, type PoolState, pool } from "../src/index.ts";
import { random } from "./helpers.ts";

type Problems = { readonly a: Tensor; readonly b: { readonly c: Tensor } };

/** Problems that say how they came to be: new ones are below 1,000, mutated ones above. */
const config = (rates?: PoolRates): PoolConfig<Problems> => ({
  size: 20,
  create: (seed: Key, n: number) => ({ a: randomInt(seed, [n, 3], 0, 1000), b: { c: random(seed, [n]) } }),
  mutate: (_seed, { a, b }) => ({ a: add(a, 1000), b }),
  startState: (n: number) => zeros([n, 2, 1]),
  damage: (_seed, states) => add(states, 100),
  ...(rates && { rates }),
});

const rowsOf = ({ problems, states, ages }: PoolState<Problems>): unknown[] =>
  Array.from(ages.data, (age, row) => ({
    a: [...problems.a.data.subarray(row * 3, row * 3 + 3)],
    c: problems.b.c.data[row],
    state: [...states.data.subarray(row * 2, row * 2 + 2)],
    age,
  }));

/** A pool whose states have been written to once. */
const used = (rates: PoolRates, steps = 5) => {
  const one = pool(config(rates));
  const fresh = one.init(key(1));
  const all = { ...fresh, states: ones([20, 2, 1]), ages: full([20], steps, "int32") };
  return { one, memory: all };
};

describe("pool", () => {
  test("begins with new problems, start states and age 0", () => {
    const memory = pool(config()).init(key(1));
    expect(memory.problems.a.shape).toEqual([20, 3]);
    expect(memory.states.toArray()).toEqual(zeros([20, 2, 1]).toArray());
    expect([...memory.ages.data]).toEqual(Array.from({ length: 20 }, () => 0));
  });

  test.prop([fc.integer({ min: 1, max: 20 }), fc.nat(9999)])("is a function of its memory and the key", (n, seed) => {
    const { one, memory } = used({ reset: 0.3, mutate: 0.3, damage: 0.3 });
    const before = rowsOf(memory);
    const [a, b] = [one.draw(memory, key(seed), n), one.draw(memory, key(seed), n)];
    expect(rowsOf(a.pool)).toEqual(rowsOf(b.pool));
    expect([...a.rows.data]).toEqual([...b.rows.data]);
    expect(rowsOf(memory)).toEqual(before);
  });

  test.prop([fc.integer({ min: 1, max: 20 }), fc.nat(9999)])(
    "draws distinct rows and hands out what the pool then holds",
    (n, seed) => {
      const { one, memory } = used({ reset: 0.3, mutate: 0.3, damage: 0.3 });
      const { pool: after, rows, problems, states } = one.draw(memory, key(seed), n);
      expect(new Set(rows.data).size).toBe(n);
      const whole = rowsOf(after);
      const drawn = rowsOf({ problems, states, ages: after.ages });
      for (const [place, row] of [...rows.data].entries()) {
        expect(drawn[place]).toMatchObject({ ...(whole[row] as object), age: expect.any(Number) });
      }
      const untouched = rowsOf(memory);
      for (let row = 0; row < 20; row++) if (!rows.data.includes(row)) expect(whole[row]).toEqual(untouched[row]);
    },
  );

  test("resets: a new problem, a start state, age 0", () => {
    const { one, memory } = used({ reset: 1 });
    const { pool: after } = one.draw(memory, key(2), 20);
    expect([...after.states.data].every((value) => value === 0)).toBe(true);
    expect([...after.ages.data].every((age) => age === 0)).toBe(true);
    expect(after.problems.a.toArray()).not.toEqual(memory.problems.a.toArray());
  });

  test("mutates: a changed problem under the same state, age 0", () => {
    const { one, memory } = used({ reset: 0, mutate: 1 });
    const { pool: after } = one.draw(memory, key(2), 20);
    expect(after.problems.a.toArray()).toEqual(add(memory.problems.a, 1000).toArray());
    expect(after.states.toArray()).toEqual(memory.states.toArray());
    expect([...after.ages.data].every((age) => age === 0)).toBe(true);
  });

  test("damages: the same problem and age, another state", () => {
    const { one, memory } = used({ reset: 0, damage: 1 });
    const { pool: after } = one.draw(memory, key(2), 20);
    expect(after.problems.a.toArray()).toEqual(memory.problems.a.toArray());
    expect(after.states.toArray()).toEqual(add(memory.states, 100).toArray());
    expect([...after.ages.data].every((age) => age === 5)).toBe(true);
  });

  test("leaves everything alone at rates of 0", () => {
    const { one, memory } = used({ reset: 0 });
    expect(rowsOf(one.draw(memory, key(2), 20).pool)).toEqual(rowsOf(memory));
  });

  test("resets what is older than maxAge, and only that", () => {
    const { one, memory } = used({ reset: 0, maxAge: 60 });
    const ages = zeros([20], "int32");
    const old = { ...memory, ages: add(ages, 60) };
    expect(rowsOf(one.draw(old, key(2), 20).pool)).toEqual(rowsOf(old));
    const { pool: after } = one.draw({ ...memory, ages: add(ages, 61) }, key(2), 20);
    expect([...after.ages.data].every((age) => age === 0)).toBe(true);
  });

  test("deals fates out at their rates", () => {
    const { one, memory } = used({ reset: 0.15, mutate: 0.25, damage: 0.1 });
    const counts = { reset: 0, mutate: 0, damage: 0 };
    for (let seed = 0; seed < 400; seed++) {
      const { problems, states } = one.draw(memory, key(seed), 10);
      for (let row = 0; row < 10; row++) {
        if (states.data[row * 2] === 0) counts.reset++;
        else if (problems.a.data[row * 3]! >= 1000) counts.mutate++;
        else if (states.data[row * 2] === 101) counts.damage++;
      }
    }
    // 4,000 draws: standard deviation at most 0.007
    expect(Math.abs(counts.reset / 4000 - 0.15)).toBeLessThan(0.035);
    expect(Math.abs(counts.mutate / 4000 - 0.25)).toBeLessThan(0.035);
    expect(Math.abs(counts.damage / 4000 - 0.1)).toBeLessThan(0.035);
  });

  test("draws every row equally often", () => {
    const { one, memory } = used({ reset: 0 });
    const counts = new Int32Array(20);
    for (let seed = 0; seed < 400; seed++) for (const row of one.draw(memory, key(seed), 5).rows.data) counts[row]!++;
    // 400 draws of 5 in 20: 100 expected, standard deviation 8.7
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(45);
  });

  test("commits to what a draw returned as to a copy of it", () => {
    const { one, memory } = used({ reset: 0.3, mutate: 0.3, damage: 0.3 });
    const { pool: drawn, rows } = one.draw(memory, key(3), 8);
    const copy = { ...drawn };
    for (const [some, n] of [
      [rows, 8],
      [slice(rows, [[2, 5]]), 3],
    ] as const) {
      const states = full([n, 2, 1], 7);
      expect(rowsOf(one.commit(drawn, some, states, 3))).toEqual(rowsOf(one.commit(copy, some, states, 3)));
    }
    expect(drawn.states).toEqual(copy.states);
  });

  test("commits states to their rows and lets them age", () => {
    const { one, memory } = used({ reset: 0 });
    const { pool: after, rows, states } = one.draw(memory, key(2), 3);
    const committed = one.commit(after, rows, mul(states, 9), 6);
    for (let row = 0; row < 20; row++) {
      const drawn = rows.data.includes(row);
      expect(committed.states.data[row * 2]).toBe(drawn ? 9 : 1);
      expect(committed.ages.data[row]).toBe(drawn ? 11 : 5);
    }
    expect(committed.problems).toBe(after.problems);
  });
});

describe("pool's errors", () => {
  const { mutate: _mutate, damage: _damage, ...bare } = config();
  test.each<[string, () => unknown, string, string]>([
    [
      "size",
      () => pool({ ...bare, size: 0 }),
      "ConfigError",
      "pool: expected size to be a whole number of at least 1, received 0. Give size as a count?",
    ],
    [
      "rate",
      () => pool({ ...bare, rates: { reset: 2 } }),
      "ConfigError",
      "pool: expected rates.reset between 0 and 1, received 2. Give a probability, such as 0.5?",
    ],
    [
      "sum of rates",
      () => pool(config({ reset: 0.5, mutate: 0.5, damage: 0.5 })),
      "ConfigError",
      "pool: expected reset, mutate and damage to add up to at most 1, received 0.5 + 0.5 + 0.5. Lower one?",
    ],
    [
      "maxAge",
      () => pool({ ...bare, rates: { maxAge: -1 } }),
      "ConfigError",
      "pool: expected rates.maxAge of at least 0, received -1. Use Infinity for no limit?",
    ],
    [
      "mutate",
      () => pool({ ...bare, rates: { mutate: 0.1 } }),
      "ConfigError",
      "pool: expected a mutate function because rates.mutate is 0.1, received none. Give mutate or leave the rate out?",
    ],
    [
      "draw",
      () => pool(bare).draw(pool(bare).init(key(0)), key(0), 21),
      "ConfigError",
      "pool: expected to draw between 1 and 20 problems, received 21. Make the pool larger?",
    ],
    [
      "create",
      () => pool({ ...bare, create: () => config().create(key(0), 3) }).init(key(0)),
      "ShapeError",
      "pool: expected create to return 20 rows in every leaf, received [3, 3]. Put one problem into each row?",
    ],
    [
      "commit",
      () => pool(bare).commit(pool(bare).init(key(0)), zeros([2], "int32"), zeros([3, 2, 1]), 1),
      "ShapeError",
      "pool: expected states [2, 2, 1], received [3, 2, 1]. Commit the states of exactly the rows that were drawn?",
    ],
  ])("name the repair for a wrong %s", (_what, call, name, message) => {
    expect(call).toThrow(expect.objectContaining({ name, message }));
  });
});
