import { type Key, type Tensor, bernoulli, cast, normal, split, where } from "@ganglion/tensor";
import { checkProbability } from "./check.ts";

/** Settings of `damage`. */
export interface DamageConfig {
  /** Share of the cells that are hit, in [0, 1]. Default 0.3. */
  readonly share?: number;
  /** Standard deviation of the noise that they are left with. Default 1. */
  readonly deviation?: number;
}

/**
 * A function that replaces all channels of randomly drawn cells by normal noise, for a pool or for tests of healing.
 *
 * @returns function of a key and states `[batch, cells, channels]`
 * @throws ConfigError when `share` is not in [0, 1]
 */
export function damage({ share = 0.3, deviation = 1 }: DamageConfig = {}): (key: Key, states: Tensor) => Tensor {
  checkProbability("damage", "share", share);
  return (key, states) => {
    const [forCells, forNoise] = split(key) as [Key, Key];
    const hit = bernoulli(forCells, share, [states.shape[0]!, states.shape[1]!, 1]);
    return where(hit, cast(normal(forNoise, states.shape, { deviation }), states.dtype), states);
  };
}
