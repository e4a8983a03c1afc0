// Softmax over all experts for four cells at once, which stand in lanes.

import { exp4, log4 } from "../unary";
import { Step } from "./plan";

/** Copies the scores of four cells from the f-th to `out` [scores, 4]; after the last cell, it stands in for others. */
export function scoresOfFour(f: i32, step: Step, scoreBytes: usize, out: usize): void {
  const more = step.fired - f;
  const s0 = step.score + <usize>f * scoreBytes;
  const s1 = s0 + (more > 1 ? scoreBytes : 0);
  const s2 = s1 + (more > 2 ? scoreBytes : 0);
  const s3 = s2 + (more > 3 ? scoreBytes : 0);
  for (let e: usize = 0; e < scoreBytes; e += 16) {
    const a = v128.load(s0 + e);
    const b = v128.load(s1 + e);
    const c = v128.load(s2 + e);
    const d = v128.load(s3 + e);
    const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    v128.store(out, v128.shuffle<i64>(ab, cd, 0, 2));
    v128.store(out, v128.shuffle<i64>(ab, cd, 1, 3), 16);
    const later = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    const last = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    v128.store(out, v128.shuffle<i64>(later, last, 0, 2), 32);
    v128.store(out, v128.shuffle<i64>(later, last, 1, 3), 48);
    out += 64;
  }
}

/**
 * Replaces the scores of four cells [experts, 4] by probabilities.
 *
 * @returns the logarithms of the sums of their exponentials
 */
export function softmaxOfFour(scores: usize, experts: i32): v128 {
  const end = scores + (<usize>experts << 4);
  let best = v128.load(scores);
  for (let at = scores + 16; at < end; at += 16) best = f32x4.pmax(best, v128.load(at));
  let sum = f32x4.splat(0);
  for (let at = scores; at < end; at += 16) {
    const power = exp4(f32x4.sub(v128.load(at), best));
    v128.store(at, power);
    sum = f32x4.add(sum, power);
  }
  for (let at = scores; at < end; at += 16) v128.store(at, f32x4.div(v128.load(at), sum));
  return f32x4.add(best, log4(sum));
}
