import { checkFinite } from "../check.ts";
import type { Trace } from "../trace/trace.ts";

/** Share of its level that a modulator keeps, and how much of a reward it takes up. */
const KEEP = 0.95;
const GAIN = 0.3;

/** Level from which every modulator starts. */
export const restingLevel = 0;

/**
 * Level of a modulator (dopamine) after a reward: `0.95 * level + 0.3 * reward`, within [-0.5, 1].
 *
 * @param level in [-0.5, 1]
 * @param reward any finite number
 */
export function modulate(level: number, reward: number, trace?: Trace): number {
  checkFinite("modulate", "level", level);
  checkFinite("modulate", "reward", reward);
  const next = Math.min(1, Math.max(-0.5, KEEP * level + GAIN * reward));
  trace?.add({ kind: "modulate", reward, level: next });
  return next;
}

/** Rate of learning at a level: `rate * max(0, 1 + level)`. */
export function effectiveRate(rate: number, level: number): number {
  return rate * Math.max(0, 1 + level);
}
