import { argmax, concat, slice } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { read } from "./transformer.ts";
import type { Cache, Plan, Reading, Weights } from "./transformer.ts";

/** Decides the next token. */
export interface DecodeOptions {
  /** Number of tokens to append, from 0. */
  readonly steps: number;
  /** Receives what each reading gave: the prompt first, then one token after another. */
  readonly onReading?: (reading: Reading) => void;
}

/**
 * Greedy decoding of any transformer: reads the prompt once, then one token at a time beside cached keys and values. Ties
 * go to the lower token.
 *
 * @param prompt int32 `[batch, tokens]`
 * @returns int32 `[batch, tokens + steps]`
 */
export function decode(plan: Plan, weights: Weights, prompt: Tensor, { steps, onReading }: DecodeOptions): Tensor {
  let sequence = prompt;
  let next = prompt;
  let cache: Cache | undefined;
  for (let step = 0; step < steps; step++) {
    const reading = read(plan, weights, next, cache);
    onReading?.(reading);
    cache = reading.cache;
    next = argmax(slice(reading.logits, [null, [-1, next.shape[1]!]]), -1);
    sequence = concat([sequence, next], 1);
  }
  return sequence;
}
