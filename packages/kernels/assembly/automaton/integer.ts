import { Step } from "./plan";
import { keepBest } from "./route";
import { codes, coded4, mixed4, plain4 } from "./tiles16";

/** What src/automaton/integer/layout.ts writes into memory: the order of the fields is the same there. Codes have 16 bits. */
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
  /** Codes of what the cells show [rows + 1, channels]. */
  view: usize;
  /** Codes of what each cell saw when it last fired [rows, seen]. */
  known: usize;
  state: usize;
  inputs: usize;
  /** Codes of four rows of hidden neurons. */
  hidden: usize;
  /** A row that nobody reads. */
  nowhere: usize;
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
  perceive(plan, step, mask);
  const seenBytes = <usize>plan.neighbourhood * (plan.channelBytes >> 1);
  for (let f: usize = 0; f < <usize>step.fired; f += 4) {
    plain4(step.seen + f * seenBytes, seenBytes, plan.router, plan.scoreBytes, step.score + f * plan.scoreBytes);
  }
  keepBest(step, plan.experts, plan.topK, plan.scoreBytes);
  ask(plan, step, seenBytes);
  overwrite(plan, step);
  return step.fired;
}

/** Gathers what each cell sees; it counts only where it is news. */
function perceive(plan: IntegerPlan, step: Step, mask: usize): void {
  const places = <usize>plan.neighbourhood << 2;
  const bytes = plan.channelBytes >> 1;
  const seenBytes = <usize>plan.neighbourhood * bytes;
  const threshold = i16x8.splat(<i16>plan.threshold);
  let to = step.seen;
  let place = step.place;
  let known = plan.known;
  for (let r = 0; r < plan.rows; r++) {
    if (load<u8>(mask + r) !== 0) {
      const from = plan.places + <usize>r * places;
      let at = to;
      let news = i16x8.splat(<i16>i32(plan.threshold < 0));
      for (let n: usize = 0; n < places; n += 4) {
        const cell = load<usize>(from + n);
        for (let i: usize = 0; i < bytes; i += 16) {
          const code = v128.load(cell + i);
          const old = v128.load(known + (at - to));
          const moved = i16x8.sub_sat_s(i16x8.max_s(code, old), i16x8.min_s(code, old));
          news = v128.or(news, i16x8.gt_s(moved, threshold));
          v128.store(at, code);
          at += 16;
        }
      }
      if (v128.any_true(news)) {
        memory.copy(known, to, seenBytes);
        store<i32>(place, r);
        place += 4;
        to = at;
      }
    }
    known += seenBytes;
  }
  step.fired = <i32>((place - step.place) >> 2);
}

function ask(plan: IntegerPlan, step: Step, seenBytes: usize): void {
  memory.fill(step.mixed, 0, <usize>step.fired * plan.channelBytes);
  let expert = plan.expert;
  let choice = step.order;
  for (let e: usize = 0; e < <usize>plan.experts << 2; e += 4) {
    let left = load<i32>(step.load + e);
    for (; left > 0; left -= 4) {
      ask4(plan, step, expert, choice, min(left, 4), seenBytes);
      choice += <usize>min(left, 4) << 2;
    }
    expert += plan.expertBytes;
  }
}

/** Up to four choices of one expert; the missing ones repeat the first and lead nowhere. */
function ask4(plan: IntegerPlan, step: Step, w1: usize, choice: usize, n: i32, seenBytes: usize): void {
  const hiddenBytes = plan.hiddenBytes;
  const channelBytes = plan.channelBytes;
  const w2 = w1 + ((seenBytes >> 2) + 2) * hiddenBytes;
  const c0 = load<i32>(choice);
  const c1 = n > 1 ? load<i32>(choice, 4) : c0;
  const c2 = n > 2 ? load<i32>(choice, 8) : c0;
  const c3 = n > 3 ? load<i32>(choice, 12) : c0;
  const f0 = <usize>(c0 / plan.topK);
  const f1 = <usize>(c1 / plan.topK);
  const f2 = <usize>(c2 / plan.topK);
  const f3 = <usize>(c3 / plan.topK);
  const seen = step.seen;
  coded4(
    seen + f0 * seenBytes, seen + f1 * seenBytes, seen + f2 * seenBytes, seen + f3 * seenBytes,
    seenBytes, w1, hiddenBytes, plan.hidden,
  );
  const mixed = step.mixed;
  const gate = step.gate;
  mixed4(
    plan.hidden, hiddenBytes >> 1, w2, channelBytes,
    mixed + f0 * channelBytes,
    n > 1 ? mixed + f1 * channelBytes : plan.nowhere,
    n > 2 ? mixed + f2 * channelBytes : plan.nowhere,
    n > 3 ? mixed + f3 * channelBytes : plan.nowhere,
    load<f32>(gate + (<usize>c0 << 2)), load<f32>(gate + (<usize>c1 << 2)),
    load<f32>(gate + (<usize>c2 << 2)), load<f32>(gate + (<usize>c3 << 2)),
  );
}

/** The codes of state plus inputs. */
@inline function show(plan: IntegerPlan, row: usize, i: usize, a: v128, b: v128): void {
  const scale = f32x4.splat(plan.perUnit);
  const inputs = plan.inputs + row + i;
  const x = f32x4.mul(f32x4.add(a, v128.load(inputs)), scale);
  const y = f32x4.mul(f32x4.add(b, v128.load(inputs, 16)), scale);
  v128.store(plan.view + ((row + i) >> 1), codes(x, y));
}

function overwrite(plan: IntegerPlan, step: Step): void {
  const bytes = plan.channelBytes;
  let mixed = step.mixed;
  for (let f = 0; f < step.fired; f++) {
    const row = <usize>load<i32>(step.place + (<usize>f << 2)) * bytes;
    for (let i: usize = 0; i < bytes; i += 32) {
      const a = squash(v128.load(mixed + i));
      const b = squash(v128.load(mixed + i, 16));
      v128.store(plan.state + row + i, a);
      v128.store(plan.state + row + i, b, 16);
      show(plan, row, i, a, b);
    }
    mixed += bytes;
  }
}

/** tanh by a continued fraction, to 2e-5. */
@inline function squash(x: v128): v128 {
  const t = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-5)), f32x4.splat(5));
  const z = f32x4.mul(t, t);
  let p = f32x4.add(z, f32x4.splat(378));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(17325));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(135135));
  let q = f32x4.add(f32x4.mul(z, f32x4.splat(28)), f32x4.splat(3150));
  q = f32x4.add(f32x4.mul(q, z), f32x4.splat(62370));
  q = f32x4.add(f32x4.mul(q, z), f32x4.splat(135135));
  const y = f32x4.div(f32x4.mul(t, p), q);
  return f32x4.pmin(f32x4.pmax(y, f32x4.splat(-1)), f32x4.splat(1));
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
  memory.fill(plan.known, 0x80, <usize>plan.rows * <usize>plan.neighbourhood * (bytes >> 1));
}
