import { describe, expect, test } from "vitest";
import { defineGraph, graphFile, graphNames } from "../../src/graph/registry.ts";

describe("the card", () => {
  test.each([...graphNames])("of %s says what is measured", async (name) => {
    const { card, evaluate } = await defineGraph(name);
    expect([...evaluate(await graphFile(name))]).toEqual(card.figures?.rows);
  });
});
