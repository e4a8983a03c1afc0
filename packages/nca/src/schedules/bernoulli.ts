import { checkProbability } from "../check.ts";
import type { Schedule } from "./schedule.ts";
import { WORDS, words } from "./words.ts";

/**
 * Every cell fires with probability `p`, independently of the others.
 *
 * @param p in [0, 1]
 * @throws ConfigError when `p` is not a probability
 */
export function bernoulli(p: number): Schedule {
  checkProbability("bernoulli", "p", p);
  return {
    name: `bernoulli(${p})`,
    fired: ({ step, batch, cells, key, first = 0 }) => {
      const drawn = words(key, step, first * cells, batch * cells);
      const fired = new Uint8Array(drawn.length);
      for (let i = 0; i < drawn.length; i++) fired[i] = drawn[i]! < p * WORDS ? 1 : 0;
      return fired;
    },
  };
}
