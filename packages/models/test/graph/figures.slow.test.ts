import { describe, expect, test } from "vitest";
import { defineGraph, graphFile, graphNames } from "../../src/graph/registry.ts";

describe("the card", () => {
  test.each([...graphNames])("of %s says what is measured", async (name) => {
    const { card, evaluate } = await defineGraph(name);
    const games = Number(/--games (\d+)/u.exec(card.figures!.command)?.[1] ?? 1000);
    expect([...evaluate(await graphFile(name), { games })]).toEqual(card.figures!.rows);
  });
});

describe("the connect-four model", () => {
  test("is what its recipe makes of nothing, byte for byte", async () => {
    const learning = (await defineGraph("connect4")).train();
    let step = learning.next();
    while (step.done !== true) step = learning.next();
    expect(step.value).toEqual(new Uint8Array(await graphFile("connect4")));
  });
});
