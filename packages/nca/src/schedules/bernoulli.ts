import { cellMask } from "@ganglion/kernels";
import { checkProbability } from "../check.ts";
import type { Schedule } from "./schedule.ts";
import { seedOf } from "./words.ts";

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
      const fired = new Uint8Array(batch * cells);
      cellMask(seedOf(key, step), first * cells, p, fired);
      return fired;
    },
  };
}
