import { word } from "../store/layout.ts";

/** Writes into a neuron's record that it fired in a spread, once per spread. */
export function fires(words: Uint32Array, at: number, clock: number): void {
  const [low, high] = [clock >>> 0, Math.floor(clock / 2 ** 32)];
  if (words[at + word.lastFired] === low && words[at + word.lastFired + 1] === high) return;
  words[at + word.lastFired] = low;
  words[at + word.lastFired + 1] = high;
  words[at + word.fireCount]!++;
}
