import type { Tokeniser } from "@ganglion/adders";
import type { Key } from "@ganglion/tensor";
import { drawSum, generator } from "../sums.ts";
import type { Mixture, Pair } from "../sums.ts";

/** Draws sums as digits at their places, `[n, prompt + answer]`, least significant digit first; the same for the same key. */
export function drawExamples(key: Key, n: number, mixture: Mixture, tokeniser: Tokeniser, out: Uint8Array): void {
  const random = generator(key);
  const width = tokeniser.prompt + tokeniser.answer;
  for (let i = 0; i < n; i++) writeExample(drawSum(random, mixture), tokeniser, out, width * i);
}

/** Writes one sum and its answer; signs are 0, since only digits are looked up. */
export function writeExample(
  [a, b]: Pair,
  { template, prompt, answer, ...tokeniser }: Tokeniser,
  out: Uint8Array,
  at: number,
): void {
  tokeniser.encode(a, b, out, at);
  for (let place = 0; place < prompt; place++) if (template[place]!.length === 1) out[at + place] = 0;
  let rest = a + b;
  for (let place = prompt; place < prompt + answer; place++) {
    const next = Math.floor(rest / 10);
    out[at + place] = rest - 10 * next;
    rest = next;
  }
}
