import { describe, expect, test } from "vitest";
import {
  boundaryCases,
  carryCases,
  edgeCases,
  hashOfCases,
  knownHashes,
  mersenneTwister,
  randomCases,
} from "../src/index.ts";

describe("the protocol's random pairs", () => {
  test("are Python's, from the first to the last", () => {
    const cases = randomCases();
    expect(cases.slice(0, 5)).toEqual([
      [2395527356, 9334186774],
      [4296888873, 8475224721],
      [2446880696, 4577514554],
      [1721735679, 186192860],
      [3295396137, 8512642381],
    ]);
    expect(cases.at(-1)).toEqual([4210807827, 8038206893]);
  });

  test("have the known hashes, alone and after the edge cases", async () => {
    const cases = randomCases();
    expect(await hashOfCases(cases)).toBe(knownHashes.random);
    expect(await hashOfCases([...edgeCases, ...cases])).toBe(knownHashes.withEdges);
  });

  test("differ with the seed, and are a prefix of longer lists", () => {
    expect(randomCases(5, 1n)).not.toEqual(randomCases(5));
    expect(randomCases(100).slice(0, 7)).toEqual(randomCases(7));
  });
});

describe("mersenneTwister", () => {
  test("gives what Python gives for seeds of one and of three words", () => {
    // random.seed(s); [random.getrandbits(32) for _ in range(3)]
    const draw = (seed: bigint): number[] => {
      const next = mersenneTwister(seed);
      return [next(), next(), next()];
    };
    expect(draw(0n)).toEqual([3626764237, 1654615998, 3255389356]);
    expect(draw(2n ** 70n + 12345n)).toEqual([4124372728, 1880144277, 4058479540]);
  });
});

describe("the harder suites", () => {
  test("keep to ten digits and are always the same", () => {
    const pairs = [...boundaryCases(), ...carryCases(30).flat()];
    expect(pairs.every(([a, b]) => [a, b].every((x) => Number.isInteger(x) && x >= 0 && x <= 9_999_999_999))).toBe(
      true,
    );
    expect(boundaryCases()).toEqual(boundaryCases());
  });

  test("stratify by the longest run of carries", () => {
    for (const [run, pairs] of carryCases(50).entries()) {
      for (const [a, b] of pairs) {
        expect(longestRun(a, b), `${a} + ${b}`).toBe(run);
      }
    }
  });
});

function longestRun(a: number, b: number): number {
  let [carry, run, longest] = [0, 0, 0];
  for (let place = 0; place < 10; place++) {
    const sum = (Math.floor(a / 10 ** place) % 10) + (Math.floor(b / 10 ** place) % 10) + carry;
    carry = sum >= 10 ? 1 : 0;
    run = carry === 1 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
