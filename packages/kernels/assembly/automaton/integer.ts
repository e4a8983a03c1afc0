import { enterFive, entered, spanOf } from "./block";
import { copyRow } from "../padded";
import { Step, cellOf, listFired } from "./plan";
import { keepBest } from "./route";
import { ROWS } from "./tiles";
import { coded1, coded5, codes, mixed1, mixed5, plain1, plain5 } from "./tiles16";

/** What src/automaton/integer/simd-program.ts writes into memory: the order of the fields is the same there. Codes have 16 bits. */
@unmanaged
export class IntegerPlan {
  neighbourhood: i32;
  /** One row of float32 channels; codes take half. */
  channelBytes: usize;
  hiddenBytes: usize;
  scoreBytes: usize;
  experts: i32;
  topK: i32;
  rows: i32;
  /** Address in `view` of everything that each cell sees [rows, neighbourhood]. */
  places: usize;
  /** Of what each cell sees, where begins what is within its lattice, and where it ends, in bytes of codes [rows, 2]. */
  reach: usize;
  /** The rows in the order in which they are gone through; 0 for that of their numbers. */
  turns: usize;
  /** Codes of what the cells show [rows + 1, channels]. */
  view: usize;
  /** Codes of what each cell saw when it last fired [rows, seen]. */
  known: usize;
  state: usize;
  inputs: usize;
  /** Blocks of codes of five rows: what was seen, and hidden neurons. */
  block: usize;
  hidden: usize;
  /** Router and first expert: w, factor, bias; the expert has two of these. */
  router: usize;
  expert: usize;
  expertBytes: usize;
  /** Codes per unit of what a cell shows. */
  perUnit: f32;
  /** A cell fires only when some code of what it sees has moved by more than this; -1 for always. */
  threshold: i32;
}

/** One step in integers of the cells whose byte in `mask` is 1. @returns how many fired */
export function integerForward(plan: IntegerPlan, step: Step, mask: usize): i32 {
  const seenBytes = <usize>plan.neighbourhood * (plan.channelBytes >> 1);
  listFired(step, mask, plan.turns, 0, plan.rows);
  perceive(plan, step, seenBytes);
  score(plan, step, seenBytes);
  keepBest(step, plan.experts, plan.topK, plan.scoreBytes, plan.block);
  ask(plan, step, seenBytes);
  overwrite(plan, step);
  return step.fired;
}

/** Gathers what each cell sees; where news is asked for, a cell without it stays as it is, and is taken from the list. */
function perceive(plan: IntegerPlan, step: Step, seenBytes: usize): void {
  const places = <usize>plan.neighbourhood << 2;
  const bytes = plan.channelBytes >> 1;
  let to = step.seen;
  let place = step.place;
  const end = place + (<usize>step.fired << 2);
  for (let listed = place; listed < end; listed += 4) {
    const row = <usize>load<i32>(listed);
    const from = plan.places + row * places;
    const known = plan.known + row * seenBytes;
    if (plan.threshold >= 0 && !news(plan, from, known)) continue;
    store<i32>(place, <i32>row);
    place += 4;
    for (let n: usize = 0; n < places; n += 4) {
      copyRow(load<usize>(from + n), to, bytes);
      to += bytes;
    }
    if (plan.threshold >= 0) copyRow(to - seenBytes, known, seenBytes);
  }
  step.fired = <i32>((place - step.place) >> 2);
}

/** Scores the experts. */
function score(plan: IntegerPlan, step: Step, seenBytes: usize): void {
  const bytes = plan.scoreBytes;
  const fired = <usize>step.fired;
  const factor = plan.router + (seenBytes >> 2) * bytes;
  let out = step.score;
  let f: usize = 0;
  for (; f + ROWS <= fired; f += ROWS) {
    enterFive(step, plan.reach, seenBytes, plan.block, f, f + 1, f + 2, f + 3, f + 4);
    const from = entered.from;
    plain5(plan.block, entered.end - from, plan.router + (from >> 2) * bytes, factor, bytes, out);
    out += ROWS * bytes;
  }
  for (; f < fired; f++) {
    plain1(step.seen + f * seenBytes, seenBytes, plan.router, factor, bytes, out);
    out += bytes;
  }
}

/** Whether a code of what a cell sees has moved by more than the threshold since it was known. */
@inline function news(plan: IntegerPlan, from: usize, known: usize): bool {
  const threshold = i16x8.splat(<i16>plan.threshold);
  const bytes = plan.channelBytes >> 1;
  let moved = i16x8.splat(0);
  for (let n: usize = 0; n < <usize>plan.neighbourhood << 2; n += 4) {
    const cell = load<usize>(from + n);
    for (let i: usize = 0; i < bytes; i += 16) {
      const code = v128.load(cell + i);
      const old = v128.load(known + i);
      moved = i16x8.max_s(moved, i16x8.sub_sat_s(i16x8.max_s(code, old), i16x8.min_s(code, old)));
    }
    known += bytes;
  }
  return v128.any_true(i16x8.gt_s(moved, threshold));
}

function ask(plan: IntegerPlan, step: Step, seenBytes: usize): void {
  memory.fill(step.mixed, 0, <usize>step.fired * plan.channelBytes);
  let expert = plan.expert;
  let choice = step.order;
  for (let e: usize = 0; e < <usize>plan.experts << 2; e += 4) {
    let left = load<i32>(step.load + e);
    for (; left >= <i32>ROWS; left -= <i32>ROWS) {
      ask5(plan, step, expert, choice, seenBytes);
      choice += ROWS << 2;
    }
    for (; left > 0; left--) {
      ask1(plan, step, expert, choice, seenBytes);
      choice += 4;
    }
    expert += plan.expertBytes;
  }
}

@inline function gateOf(step: Step, choice: i32): f32 {
  return load<f32>(step.gate + (<usize>choice << 2));
}

/** Five choices of one expert. */
function ask5(plan: IntegerPlan, step: Step, w1: usize, choice: usize, seenBytes: usize): void {
  const hiddenBytes = plan.hiddenBytes;
  const channelBytes = plan.channelBytes;
  const c0 = load<i32>(choice);
  const c1 = load<i32>(choice, 4);
  const c2 = load<i32>(choice, 8);
  const c3 = load<i32>(choice, 12);
  const c4 = load<i32>(choice, 16);
  const f0 = cellOf(plan.topK, c0);
  const f1 = cellOf(plan.topK, c1);
  const f2 = cellOf(plan.topK, c2);
  const f3 = cellOf(plan.topK, c3);
  const f4 = cellOf(plan.topK, c4);
  enterFive(step, plan.reach, seenBytes, plan.block, f0, f1, f2, f3, f4);
  const from = entered.from;
  const factor = w1 + (seenBytes >> 2) * hiddenBytes;
  coded5(plan.block, entered.end - from, w1 + (from >> 2) * hiddenBytes, factor, hiddenBytes, plan.hidden);
  const w2 = factor + 2 * hiddenBytes;
  const mixed = step.mixed;
  mixed5(
    plan.hidden, hiddenBytes >> 1, w2, w2 + (hiddenBytes >> 3) * channelBytes, channelBytes,
    mixed + f0 * channelBytes, mixed + f1 * channelBytes, mixed + f2 * channelBytes, mixed + f3 * channelBytes, mixed + f4 * channelBytes,
    gateOf(step, c0), gateOf(step, c1), gateOf(step, c2), gateOf(step, c3), gateOf(step, c4),
  );
}

function ask1(plan: IntegerPlan, step: Step, w1: usize, choice: usize, seenBytes: usize): void {
  const hiddenBytes = plan.hiddenBytes;
  const channelBytes = plan.channelBytes;
  const c = load<i32>(choice);
  const f = cellOf(plan.topK, c);
  const span = spanOf(step, plan.reach, f);
  const from = span.from;
  const factor = w1 + (seenBytes >> 2) * hiddenBytes;
  coded1(step.seen + f * seenBytes + from, span.end - from, w1 + (from >> 2) * hiddenBytes, factor, hiddenBytes, plan.hidden);
  const w2 = factor + 2 * hiddenBytes;
  mixed1(plan.hidden, hiddenBytes >> 1, w2, w2 + (hiddenBytes >> 3) * channelBytes, channelBytes, step.mixed + f * channelBytes, gateOf(step, c));
}

/** The codes of state plus inputs. */
@inline function show(plan: IntegerPlan, row: usize, i: usize, a: v128, b: v128): void {
  const scale = f32x4.splat(plan.perUnit);
  const inputs = plan.inputs + row + i;
  const x = f32x4.mul(f32x4.add(a, v128.load(inputs)), scale);
  const y = f32x4.mul(f32x4.add(b, v128.load(inputs, 16)), scale);
  v128.store(plan.view + ((row + i) >> 1), codes(x, y));
}

/** The cells become the tanh of what their experts said: passes of short chains, as in ../tanh.ts. */
function overwrite(plan: IntegerPlan, step: Step): void {
  const bytes = plan.channelBytes;
  let above = step.mixed;
  let place = step.place;
  for (let left = step.fired; left > 0; left -= <i32>ROWS) {
    const end = place + (<usize>min(left, <i32>ROWS) << 2);
    let below = plan.block;
    fractions(above, below, <usize>min(left, <i32>ROWS) * bytes);
    for (; place < end; place += 4) {
      become(plan, <usize>load<i32>(place) * bytes, above, below);
      above += bytes;
      below += bytes;
    }
  }
}

// in memory: V8 builds a constant vector anew, of several instructions, wherever it is used
const FRACTION: usize = memory.data<f32>([-5, 5, 378, 17325, 135135, 28, 3150, 62370, -1, 1]);

/** Coefficient `i` of the fraction. */
@inline function at(i: usize): v128 {
  return v128.load32_splat(FRACTION + (i << 2));
}

/** Numbers become what is above, and what is below, in the continued fraction of their tanh, which is right to 2e-5. */
function fractions(above: usize, below: usize, bytes: usize): void {
  const low = at(0);
  const high = at(1);
  const p0 = at(2);
  const p1 = at(3);
  const last = at(4);
  const q0 = at(5);
  const q1 = at(6);
  const q2 = at(7);
  for (let i: usize = 0; i < bytes; i += 16) {
    const t = f32x4.pmin(f32x4.pmax(v128.load(above + i), low), high);
    const z = f32x4.mul(t, t);
    let p = f32x4.add(z, p0);
    p = f32x4.add(f32x4.mul(p, z), p1);
    p = f32x4.add(f32x4.mul(p, z), last);
    let q = f32x4.add(f32x4.mul(z, q0), q1);
    q = f32x4.add(f32x4.mul(q, z), q2);
    q = f32x4.add(f32x4.mul(q, z), last);
    v128.store(above + i, f32x4.mul(t, p));
    v128.store(below + i, q);
  }
}

/** Divides the fractions of a cell, and shows what it becomes. */
function become(plan: IntegerPlan, row: usize, above: usize, below: usize): void {
  const low = at(8);
  const high = at(9);
  const state = plan.state + row;
  for (let i: usize = 0; i < plan.channelBytes; i += 32) {
    const y = f32x4.div(v128.load(above + i), v128.load(below + i));
    const z = f32x4.div(v128.load(above + i, 16), v128.load(below + i, 16));
    const a = f32x4.pmin(f32x4.pmax(y, low), high);
    const b = f32x4.pmin(f32x4.pmax(z, low), high);
    v128.store(state + i, a);
    v128.store(state + i, b, 16);
    show(plan, row, i, a, b);
  }
}

/** Shows the states and inputs that the cells start with, and forgets what they knew. */
export function integerStart(plan: IntegerPlan): void {
  const bytes = plan.channelBytes;
  for (let row: usize = 0; row < <usize>plan.rows * bytes; row += bytes) {
    for (let i: usize = 0; i < bytes; i += 32) {
      show(plan, row, i, v128.load(plan.state + row + i), v128.load(plan.state + row + i, 16));
    }
  }
  // no code is as far from anything as this one
  if (plan.threshold >= 0) memory.fill(plan.known, 0x80, <usize>plan.rows * <usize>plan.neighbourhood * (bytes >> 1));
}
