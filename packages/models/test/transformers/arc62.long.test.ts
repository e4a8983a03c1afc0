import { expect, test } from "vitest";
import { trainArc62 } from "../../src/transformers/arc62/recipe.ts";
import { arc62Values } from "../../src/transformers/arc62/values.ts";
import type { TabledProgress } from "../../src/transformers/tabled/train.ts";

test("the recipe gives the committed weights, from nothing, and ends with a proof", { timeout: 3_600_000 }, () => {
  let last: TabledProgress | undefined;
  for (const progress of trainArc62()) last = progress;
  expect(last).toMatchObject({ seed: 7, phase: 1, step: 48_000, right: 1, proved: true });
  expect(last!.params).toEqual([...arc62Values]);
});
