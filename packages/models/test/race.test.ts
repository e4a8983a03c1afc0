import { describe, expect, test } from "vitest";
import { contender, race } from "../src/bench.ts";

const config = { rounds: 5, milliseconds: 2 };

describe("race", () => {
  test("takes turns, warm, and gives the middle between the quartiles", async () => {
    const order: string[] = [];
    const noting = (name: string) => ({
      name,
      sample: async () => {
        order.push(name);
        const cost = order.length;
        return { cpu: cost, wall: 2 * cost, value: 1 };
      },
    });
    const [a, b] = await race([noting("a"), noting("b")], config);
    expect(order.join("")).toBe("ab".repeat(7));
    expect(a).toEqual({ name: "a", turns: [5, 7, 9, 11, 13], low: 7, median: 9, high: 11, wall: 18 });
    expect(b!.turns).toEqual([6, 8, 10, 12, 14]);
  });

  test("gives who is slow fewer turns, three at least", async () => {
    const taking = (wall: number) => ({ name: `${wall}`, sample: async () => ({ cpu: wall, wall, value: 1 }) });
    const timings = await race([taking(2), taking(10), taking(500)], config);
    expect(timings.map(({ turns }) => turns.length)).toEqual([5, 4, 3]);
  });

  test("refuses contenders that do not do the same work", async () => {
    const [one, other] = [contender("one", () => 1), contender("other", () => 1.01)];
    await expect(race([one, other], config)).rejects.toThrow("other: expected 1 like one, received 1.01");
    const timings = await race([one, other], { ...config, agree: false });
    expect(timings.map(({ name, turns }) => [name, turns.length])).toEqual([
      ["one", 5],
      ["other", 5],
    ]);
  });

  test("counts the processor time of one run of several", async () => {
    let sum = 0;
    const busy = (): number => {
      for (let i = 0; i < 1e5; i++) sum += Math.sqrt(i);
      return sum > 0 ? 1 : 0;
    };
    const [single, tenth] = await race([contender("single", busy), contender("tenth", busy, 10)], {
      rounds: 9,
      milliseconds: 20,
    });
    expect(single!.median / tenth!.median).toBeGreaterThan(3);
  });
});
