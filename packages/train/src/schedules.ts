import { cos, tensor } from "@ganglion/tensor";
import { checkSetting } from "./check.ts";
import type { Schedule } from "./optimiser.ts";

/** Settings of `linear`. */
export interface LinearConfig {
  /** Value at step 0. */
  readonly from: number;
  /** Value at step `steps` and ever after. */
  readonly to: number;
  /** Length of the way, above 0. */
  readonly steps: number;
}

/** Settings of `cosine`. */
export interface CosineConfig {
  /** Largest value, reached at step `warmup`, from 0. */
  readonly peak: number;
  /** Step at which `floor` is reached, above `warmup`. */
  readonly steps: number;
  /** Steps of the linear way up from 0 to `peak`; 0 by default. */
  readonly warmup?: number;
  /** Value at step `steps` and ever after (a learning rate, not a share of `peak`), in [0, peak]; 0 by default. */
  readonly floor?: number;
}

/** The same value at every step. */
export function constant(value: number): Schedule {
  return () => value;
}

/**
 * A straight line from one value to another, then the other for ever.
 *
 * @throws ConfigError when `steps` is not above 0
 */
export function linear({ from, to, steps }: LinearConfig): Schedule {
  checkSetting("linear", "steps above 0", steps, steps > 0);
  return (step) => (step >= steps ? to : from + (to - from) * Math.max(0, step / steps));
}

/**
 * A linear warm-up from 0 to `peak`, then half a cosine down to `floor`, then `floor` for ever.
 *
 * After the warm-up: `floor + (peak - floor) * (1 + cos(pi * (step - warmup) / (steps - warmup))) / 2`.
 *
 * @throws ConfigError when a setting is outside its range
 * @see Loshchilov & Hutter 2017, arXiv:1608.03983; Goyal et al. 2017 (warm-up), arXiv:1706.02677
 */
export function cosine({ peak, steps, warmup = 0, floor = 0 }: CosineConfig): Schedule {
  checkSetting("cosine", "peak from 0", peak, peak >= 0 && peak < Infinity);
  checkSetting("cosine", "warmup from 0", warmup, warmup >= 0);
  checkSetting("cosine", `steps above warmup, which is ${warmup}`, steps, steps > warmup);
  checkSetting("cosine", `floor from 0 to peak, which is ${peak}`, floor, floor >= 0 && floor <= peak);
  return (step) => {
    if (step < warmup) return peak * Math.max(0, step / warmup);
    const share = Math.min(1, (step - warmup) / (steps - warmup));
    return floor + ((peak - floor) * (1 + cosineOf(Math.PI * share))) / 2;
  };
}

/** The engine's own cosine: the same bits everywhere. */
const cosineOf = (angle: number): number => cos(tensor(angle, "float64")).item();
