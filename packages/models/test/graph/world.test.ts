import { loadGraph } from "@ganglion/neurons";
import { describe, expect, test } from "vitest";
import { everyTransition, imagine } from "../../src/graph/world/world.ts";
import { defineGraph, graphFile } from "../../src/graph/registry.ts";

describe("the world model", async () => {
  const file = await graphFile("world");
  const { card, evaluate, train } = await defineGraph("world");

  test("imagines every full board and every side, also of moves that it never watched", () => {
    const rows = [...evaluate(file)];
    const measured = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
    expect(measured).toMatchObject({
      "full boards, every position and move": 1,
      "full boards among moves never watched": 1,
      "side to move, found from the stones": 1,
    });
    expect(rows).toEqual(card.figures?.rows);
  });

  test("is what its recipe makes of nothing, byte for byte", () => {
    const learning = train();
    let step = learning.next();
    while (step.done !== true) step = learning.next();
    expect(step.value).toEqual(new Uint8Array(file));
  });

  test("does not see whose turn it is: the same stones and move give the same board", () => {
    const graph = loadGraph(file);
    const [first] = everyTransition();
    const once = imagine(graph, first!.before, first!.move);
    expect(imagine(graph, first!.before, first!.move).board).toEqual(once.board);
    expect(once).toMatchObject({ side: 1, board: first!.after });
  });
});
