import { exp4, log4 } from "../unary";
import { Plan, Step } from "./plan";
import { plainRows } from "./tiles";

/** Scores the experts for every fired cell, keeps the best, and sorts the choices by expert. */
export function route(plan: Plan, step: Step, statistics: usize): void {
  const experts = plan.experts;
  plainRows(step.fired, step.seen, plan.seenBytes, plan.routerWeight, plan.routerBias, plan.scoreBytes, step.score, plan.block);
  keepBest(step, experts, plan.topK, plan.scoreBytes, plan.block);
  if (statistics === 0) return;
  for (let f: usize = 0; f < <usize>step.fired; f++) count(step.score + f * plan.scoreBytes, experts, statistics);
  countChoices(step, experts, statistics);
}

/** From the scores of the experts to choices, gates, and the order of the choices by expert. */
export function keepBest(step: Step, experts: i32, topK: i32, scoreBytes: usize, scratch: usize): void {
  memory.fill(step.load, 0, <usize>experts << 2);
  const row = <usize>topK << 2;
  let score = step.score;
  let chosen = step.chosen;
  let gate = step.gate;
  for (let f = 0; f < step.fired; f += 4) choose(f, step, experts, topK, scoreBytes, scratch);
  for (let f = 0; f < step.fired; f++) {
    const first = load<f32>(score + (<usize>load<i32>(chosen) << 2));
    for (let c: usize = 0; c < row; c += 4) {
      const expert = <usize>load<i32>(chosen + c) << 2;
      store<i32>(step.load + expert, load<i32>(step.load + expert) + 1);
      store<f32>(gate + c, load<f32>(score + expert) - first);
    }
    score += scoreBytes;
    chosen += row;
    gate += row;
  }
  softmax(step.gate, gate, row);
  sort(step, experts, step.fired * topK);
}

/** Softmax of rows whose greatest number is 0, up to `end`; what follows in the last vector is overwritten. */
function softmax(gate: usize, end: usize, row: usize): void {
  for (let at = gate; at < end; at += 16) v128.store(at, exp4(v128.load(at)));
  for (; gate < end; gate += row) {
    let sum: f32 = 0;
    for (let c: usize = 0; c < row; c += 4) sum += load<f32>(gate + c);
    for (let c: usize = 0; c < row; c += 4) store<f32>(gate + c, load<f32>(gate + c) / sum);
  }
}

/** Scores as integers of the same order. */
@inline function ranks(scores: v128): v128 {
  const bits = f32x4.add(scores, f32x4.splat(0));
  return v128.xor(bits, v128.and(i32x4.shr_s(bits, 31), i32x4.splat(0x7fffffff)));
}

/** Ranks of four cells' scores, expert by expert: [experts, 4]. */
function rankFour(s0: usize, s1: usize, s2: usize, s3: usize, bytes: usize, out: usize): void {
  for (let e: usize = 0; e < bytes; e += 16) {
    const a = ranks(v128.load(s0 + e));
    const b = ranks(v128.load(s1 + e));
    const c = ranks(v128.load(s2 + e));
    const d = ranks(v128.load(s3 + e));
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

/** The best experts of four cells from the f-th, of equals the first; after the last cell, it stands in for others. */
function choose(f: i32, step: Step, experts: i32, topK: i32, scoreBytes: usize, scratch: usize): void {
  const more = step.fired - f;
  const score = step.score + <usize>f * scoreBytes;
  const s1 = score + (more > 1 ? scoreBytes : 0);
  const s2 = s1 + (more > 2 ? scoreBytes : 0);
  rankFour(score, s1, s2, s2 + (more > 3 ? scoreBytes : 0), scoreBytes, scratch);
  const row = <usize>topK << 2;
  let chosen = step.chosen + <usize>f * row;
  let last = i32x4.splat(i32.MAX_VALUE);
  let lastAt = i32x4.splat(-1);
  for (let k = 0; k < topK; k++) {
    let best = i32x4.splat(i32.MIN_VALUE);
    let at = i32x4.splat(k);
    for (let e = 0; e < experts; e++) {
      const rank = v128.load(scratch + (<usize>e << 4));
      const here = i32x4.splat(e);
      const open = v128.or(i32x4.gt_s(last, rank), v128.and(i32x4.eq(last, rank), i32x4.gt_s(here, lastAt)));
      const better = v128.and(open, i32x4.gt_s(rank, best));
      best = v128.bitselect(rank, best, better);
      at = v128.bitselect(here, at, better);
    }
    last = best;
    lastAt = at;
    v128.store32_lane(chosen, at, 0);
    if (more > 1) v128.store32_lane(chosen + row, at, 1);
    if (more > 2) v128.store32_lane(chosen + 2 * row, at, 2);
    if (more > 3) v128.store32_lane(chosen + 3 * row, at, 3);
    chosen += 4;
  }
}

/** Exponentials of all scores relative to the best, and their sum. */
@inline export function partition(score: usize, experts: i32, best: f32, out: usize): f32 {
  for (let e: usize = 0; e < <usize>experts << 2; e += 16) {
    v128.store(out + e, exp4(f32x4.sub(v128.load(score + e), f32x4.splat(best))));
  }
  let sum: f32 = 0;
  for (let e: usize = 0; e < <usize>experts << 2; e += 4) sum += load<f32>(out + e);
  return sum;
}

@inline export function highest(score: usize, experts: i32): f32 {
  let best = load<f32>(score);
  for (let e: usize = 4; e < <usize>experts << 2; e += 4) best = max(best, load<f32>(score + e));
  return best;
}

/** Logarithm of the sum of the exponentials of all scores. */
@inline export function logPartition(best: f32, sum: f32): f32 {
  return best + f32x4.extract_lane(log4(f32x4.splat(sum)), 0);
}

const SPARE: usize = memory.data(1024, 16);

function count(score: usize, experts: i32, statistics: usize): void {
  const best = highest(score, experts);
  const sum = partition(score, experts, best, SPARE);
  for (let e: usize = 0; e < <usize>experts << 2; e += 4) {
    store<f32>(statistics + e, load<f32>(statistics + e) + load<f32>(SPARE + e) / sum);
  }
  const z = logPartition(best, sum);
  const last = statistics + (<usize>experts << 3);
  store<f32>(last, load<f32>(last) + z * z);
}

function countChoices(step: Step, experts: i32, statistics: usize): void {
  const counts = statistics + (<usize>experts << 2);
  for (let e: usize = 0; e < <usize>experts << 2; e += 4) {
    store<f32>(counts + e, load<f32>(counts + e) + <f32>load<i32>(step.load + e));
  }
}

/** Stable counting sort of the choices; uses `SPARE` for the next place of each expert. */
function sort(step: Step, experts: i32, choices: i32): void {
  let next = step.order;
  for (let e: usize = 0; e < <usize>experts << 2; e += 4) {
    store<usize>(SPARE + e, next);
    next += <usize>load<i32>(step.load + e) << 2;
  }
  for (let c = 0; c < choices; c++) {
    const slot = SPARE + (<usize>load<i32>(step.chosen + (<usize>c << 2)) << 2);
    const at = load<usize>(slot);
    store<i32>(at, c);
    store<usize>(slot, at + 4);
  }
}
