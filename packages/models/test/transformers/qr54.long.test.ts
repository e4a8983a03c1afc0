import { expect, test } from "vitest";
import type { Qr54Progress } from "../../src/transformers/qr54/run.ts";
import { trainQr54 } from "../../src/transformers/qr54/run.ts";
import { qr54Values } from "../../src/transformers/qr54/values.ts";

test("the recipe gives the committed weights, from nothing, and ends with a proof", { timeout: 7_200_000 }, () => {
  let last: Qr54Progress | undefined;
  for (const progress of trainQr54()) last = progress;
  expect(last).toMatchObject({ seed: 10, phase: 2, step: 118_000, certificate: { proved: true } });
  expect(last!.params).toEqual([...qr54Values]);
});
