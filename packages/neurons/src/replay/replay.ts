import { exp, log, randomBits } from "@ganglion/kernels";
import { ConfigError, foldIn } from "@ganglion/tensor";
import type { Key } from "@ganglion/tensor";
import { checkCount } from "../check.ts";
import type { Trace } from "../trace/trace.ts";

/** Settings of a replay buffer. */
export interface ReplayConfig {
  /** Episodes that are kept; a new one replaces the oldest. Default 1,000. */
  readonly size?: number;
}

/** Which episodes come back: all alike, or the newest 1.5 times as often as the oldest. */
export type Sampling = "uniform" | "recent";

/** Past episodes, to be lived through again. */
export class Replay<Episode> {
  readonly #size: number;
  readonly #ring: Episode[] = [];
  #count = 0;

  /** @throws ConfigError when the size is not a whole number from 1 */
  constructor({ size = 1000 }: ReplayConfig = {}) {
    checkCount("Replay", "size", size);
    this.#size = size;
  }

  /** Episodes that are kept. */
  get length(): number {
    return this.#ring.length;
  }

  /** Takes an episode up. */
  add(episode: Episode): void {
    this.#ring[this.#count++ % this.#size] = episode;
  }

  /** Kept episodes, the oldest first. */
  episodes(): Episode[] {
    const start = this.#count > this.#size ? this.#count % this.#size : 0;
    return [...this.#ring.slice(start), ...this.#ring.slice(0, start)];
  }

  /**
   * Draws episodes, with repetition.
   *
   * @param sampling "uniform", or "recent" with odds of `1.5 ^ (i / n)` for the i-th oldest of n
   * @throws ConfigError when there are none
   */
  sample(key: Key, count: number, sampling: Sampling = "uniform"): Episode[] {
    checkCount("sample", "count", count, 0);
    const episodes = this.episodes();
    if (episodes.length === 0)
      throw new ConfigError("sample", "expected at least one episode, received none. Add some first?");
    const words = new Uint32Array(count);
    randomBits(key.low, key.high, 0, words);
    const odds = oddsOf(episodes.length, sampling);
    return Array.from(words, (word) => episodes[odds.findIndex((sum) => word / 2 ** 32 < sum)]!);
  }

  /**
   * Lives through drawn episodes again, so that what they taught settles.
   *
   * @param credit what is done with each; `index` counts from 0
   */
  consolidate(
    key: Key,
    count: number,
    credit: (episode: Episode, index: number) => void,
    { sampling = "uniform", trace }: { readonly sampling?: Sampling; readonly trace?: Trace } = {},
  ): void {
    for (const [index, episode] of this.sample(foldIn(key, 0), count, sampling).entries()) credit(episode, index);
    trace?.add({ kind: "replay", episodes: count });
  }
}

/** Odds of the newest against the oldest. */
const RECENCY = 1.5;

/** Running sums of the odds, `[episodes]`, the last one 1. */
function oddsOf(length: number, sampling: Sampling): Float64Array {
  const sums = new Float64Array(length);
  let total = 0;
  for (let i = 0; i < length; i++) {
    total += sampling === "uniform" ? 1 : exp((log(RECENCY) * i) / length);
    sums[i] = total;
  }
  return sums.map((sum) => sum / total);
}
