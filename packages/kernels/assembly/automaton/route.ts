import { exp4 } from "../unary";
import { enterFive, entered } from "./block";
import { Plan, Step } from "./plan";
import { scoresOfFour, softmaxOfFour } from "./softmax";
import { ROWS, plain1, plain5 } from "./tiles";

/** Scores the experts for every fired cell, keeps the best, and sorts the choices by expert. */
export function route(plan: Plan, step: Step, statistics: usize): void {
  const experts = plan.experts;
  score(plan, step);
  keepBest(step, experts, plan.topK, plan.scoreBytes, plan.block);
  if (statistics === 0) return;
  for (let f = 0; f < step.fired; f += 4) count(f, plan, step, statistics);
  countChoices(step, experts, statistics);
}

/** Scores the experts, for five cells at a time. */
function score(plan: Plan, step: Step): void {
  const bytes = plan.scoreBytes;
  const fired = <usize>step.fired;
  let out = step.score;
  let f: usize = 0;
  for (; f + ROWS <= fired; f += ROWS) {
    enterFive(step, plan.reach, plan.seenBytes, plan.block, f, f + 1, f + 2, f + 3, f + 4);
    const from = entered.from;
    const w = plan.routerWeight + (from >> 2) * bytes;
    plain5(plan.block, entered.end - from, w, plan.routerBias, bytes, out, out + bytes, out + 2 * bytes, out + 3 * bytes, out + 4 * bytes);
    out += ROWS * bytes;
  }
  for (; f < fired; f++) {
    plain1(step.seen + f * plan.seenBytes, plan.seenBytes, plan.routerWeight, plan.routerBias, bytes, out);
    out += bytes;
  }
}

/** From the scores of the experts to choices, gates, and the order of the choices by expert. */
export function keepBest(step: Step, experts: i32, topK: i32, scoreBytes: usize, scratch: usize): void {
  for (let f = 0; f < step.fired; f += 4) choose(f, step, experts, topK, scoreBytes, scratch);
  softmax(step.gate, step.gate + (<usize>(step.fired * topK) << 2), <usize>topK << 2);
  sort(step, experts, step.fired * topK, scratch);
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

/** Scores as integers of the same order, and back. */
@inline function ranks(scores: v128): v128 {
  return v128.xor(scores, v128.and(i32x4.shr_s(scores, 31), i32x4.splat(0x7fffffff)));
}

/** The best experts of four cells from the f-th, of equals the first, and their gates; after the last cell, it stands in for others. */
function choose(f: i32, step: Step, experts: i32, topK: i32, scoreBytes: usize, scratch: usize): void {
  const cells = step.fired - f;
  scoresOfFour(f, step, scoreBytes, scratch);
  const end = scratch + (<usize>experts << 4);
  // as the sum with 0, -0 is 0
  for (let at = scratch; at < end; at += 16) v128.store(at, ranks(f32x4.add(v128.load(at), f32x4.splat(0))));
  const row = <usize>topK << 2;
  const chosen = step.chosen + <usize>f * row;
  const gate = step.gate + <usize>f * row;
  let last = i32x4.splat(i32.MAX_VALUE);
  let lastAt = i32x4.splat(-1);
  let highest = f32x4.splat(0);
  for (let k: usize = 0; k < row; k += 4) {
    let best = i32x4.splat(i32.MIN_VALUE);
    let at = i32x4.splat(<i32>(k >> 2));
    let here = i32x4.splat(0);
    for (let score = scratch; score < end; score += 16) {
      const rank = v128.load(score);
      const open = v128.or(i32x4.gt_s(last, rank), v128.and(i32x4.eq(last, rank), i32x4.gt_s(here, lastAt)));
      const better = v128.and(open, i32x4.gt_s(rank, best));
      best = v128.bitselect(rank, best, better);
      at = v128.bitselect(here, at, better);
      here = i32x4.add(here, i32x4.splat(1));
    }
    last = best;
    lastAt = at;
    if (k === 0) highest = ranks(best);
    putLanes(at, chosen + k, row, cells);
    putLanes(f32x4.sub(ranks(best), highest), gate + k, row, cells);
  }
}

/** Stores up to four lanes, so far apart. */
@inline function putLanes(x: v128, to: usize, apart: usize, lanes: i32): void {
  v128.store32_lane(to, x, 0);
  if (lanes > 1) v128.store32_lane(to + apart, x, 1);
  if (lanes > 2) v128.store32_lane(to + 2 * apart, x, 2);
  if (lanes > 3) v128.store32_lane(to + 3 * apart, x, 3);
}

/** Adds the probabilities and squared log-partitions of four cells from the f-th, one after the other. */
function count(f: i32, plan: Plan, step: Step, statistics: usize): void {
  const p = plan.block;
  scoresOfFour(f, step, plan.scoreBytes, p);
  const z = softmaxOfFour(p, plan.experts);
  const end = p + (<usize>plan.experts << 4);
  v128.store(end, f32x4.mul(z, z));
  const cells = <usize>min(4, step.fired - f) << 2;
  for (let at = p; at < end; at += 16) {
    addUp(at, cells, statistics);
    statistics += 4;
  }
  addUp(end, cells, statistics + (<usize>plan.experts << 2));
}

/** Adds numbers to a sum, in order. */
@inline function addUp(numbers: usize, bytes: usize, to: usize): void {
  let sum = load<f32>(to);
  for (let i: usize = 0; i < bytes; i += 4) sum += load<f32>(numbers + i);
  store<f32>(to, sum);
}

function countChoices(step: Step, experts: i32, statistics: usize): void {
  const counts = statistics + (<usize>experts << 2);
  for (let e: usize = 0; e < <usize>experts << 2; e += 4) {
    store<f32>(counts + e, load<f32>(counts + e) + <f32>load<i32>(step.load + e));
  }
}

/** Stable counting sort of the choices; `next` has room for the next place of each expert. */
function sort(step: Step, experts: i32, choices: i32, next: usize): void {
  const end = step.chosen + (<usize>choices << 2);
  memory.fill(step.load, 0, <usize>experts << 2);
  for (let at = step.chosen; at < end; at += 4) {
    const count = step.load + (<usize>load<i32>(at) << 2);
    store<i32>(count, load<i32>(count) + 1);
  }
  let place = step.order;
  for (let e: usize = 0; e < <usize>experts << 2; e += 4) {
    store<usize>(next + e, place);
    place += <usize>load<i32>(step.load + e) << 2;
  }
  for (let c = 0; c < choices; c++) {
    const slot = next + (<usize>load<i32>(step.chosen + (<usize>c << 2)) << 2);
    const at = load<usize>(slot);
    store<i32>(at, c);
    store<usize>(slot, at + 4);
  }
}
