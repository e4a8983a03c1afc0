import type { Key } from "@ganglion/tensor";
import { drawSum, generator } from "../sums.ts";
import type { Mixture, Pair } from "../sums.ts";
import { ANSWER, EQUALS } from "./layout.ts";
import { WIDTH } from "./loops.ts";

/** Draws problems and writes them as digits, `[n, 33]`; the same for the same key. */
export function drawProblems(key: Key, n: number, mixture: Mixture, out: Uint8Array): void {
  const random = generator(key);
  for (let i = 0; i < n; i++) writeProblem(drawSum(random, mixture), out, WIDTH * i);
}

/** Writes a problem and its answer as training reads it: least significant digit first. */
export function writeProblem([a, b]: Pair, out: Uint8Array, at: number): void {
  out[at + 10] = 0;
  out[at + EQUALS] = 0;
  writeDigits(a, out, at, 10);
  writeDigits(b, out, at + 11, 10);
  writeDigits(a + b, out, at + EQUALS + 1, ANSWER);
}

function writeDigits(value: number, out: Uint8Array, at: number, digits: number): void {
  let rest = value;
  for (let i = 0; i < digits; i++) {
    const next = Math.floor(rest / 10);
    out[at + i] = rest - 10 * next;
    rest = next;
  }
}
