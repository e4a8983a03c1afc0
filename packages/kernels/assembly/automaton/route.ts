import { exp4, log4 } from "../unary";
import { Plan, Step } from "./plan";
import { plainRows } from "./tiles";

/** Scores the experts for every fired cell, keeps the best, and sorts the choices by expert. */
export function route(plan: Plan, step: Step, statistics: usize): void {
  const experts = plan.experts;
  plainRows(step.fired, step.seen, plan.seenBytes, plan.routerWeight, plan.routerBias, plan.scoreBytes, step.score, plan.block);
  keepBest(step, experts, plan.topK, plan.scoreBytes);
  if (statistics === 0) return;
  for (let f: usize = 0; f < <usize>step.fired; f++) count(step.score + f * plan.scoreBytes, experts, statistics);
  countChoices(step, experts, statistics);
}

/** From the scores of the experts to choices, gates, and the order of the choices by expert. */
export function keepBest(step: Step, experts: i32, topK: i32, scoreBytes: usize): void {
  memory.fill(step.load, 0, <usize>experts << 2);
  const row = <usize>topK << 2;
  let score = step.score;
  let chosen = step.chosen;
  let gate = step.gate;
  for (let f = 0; f < step.fired; f++) {
    choose(score, experts, chosen, topK);
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

/** A score as an integer of the same order; of equal scores, the lower expert's is greater. */
@inline function rank(score: usize, expert: i32): i64 {
  const bits = reinterpret<i32>(load<f32>(score + (<usize>expert << 2)) + 0);
  return (<i64>(bits ^ (bits >> 31 & 0x7fffffff)) << 32) | <i64>(0xffff - expert);
}

function choose(score: usize, experts: i32, chosen: usize, topK: i32): void {
  let last = i64.MAX_VALUE;
  for (; topK > 0; topK--) {
    let best = i64.MIN_VALUE;
    for (let e = 0; e < experts; e++) {
      const here = rank(score, e);
      best = select(here, best, i32(here < last) & i32(here > best));
    }
    store<i32>(chosen, 0xffff - (<i32>best & 0xffff));
    chosen += 4;
    last = best;
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
