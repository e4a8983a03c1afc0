import { tanh4 } from "../unary";
import { Plan, Step } from "./plan";
import { route } from "./route";
import { mixed1, mixed4, rectified1, rectified4 } from "./tiles";

/**
 * One step of the cells whose byte in `mask` is 1: they look, ask their experts, and become the tanh of what these say.
 *
 * @param step record of the step; its addresses are set
 * @param statistics sums over the cells: each expert's probability, how often it was chosen, and last the squared
 *   log-partition; 0 when they are not wanted
 * @param taped whether hidden neurons are kept
 */
export function forward(plan: Plan, step: Step, mask: usize, statistics: usize, taped: bool): void {
  perceive(plan, step, mask);
  route(plan, step, statistics);
  ask(plan, step, taped);
  overwrite(plan, step);
}

function perceive(plan: Plan, step: Step, mask: usize): void {
  let place = step.place;
  for (let r = 0; r < plan.rows; r++) {
    store<i32>(place, r);
    place += <usize>load<u8>(mask + r) << 2;
  }
  step.fired = <i32>((place - step.place) >> 2);
  const seenPlaces = <usize>plan.neighbourhood << 2;
  const bytes = plan.channelBytes;
  let to = step.seen;
  for (let f = 0; f < step.fired; f++) {
    const from = plan.places + <usize>load<i32>(step.place + (<usize>f << 2)) * seenPlaces;
    for (let n: usize = 0; n < seenPlaces; n += 4) {
      const cell = load<usize>(from + n);
      for (let i: usize = 0; i < bytes; i += 32) {
        v128.store(to + i, v128.load(cell + i));
        v128.store(to + i, v128.load(cell + i, 16), 16);
      }
      to += bytes;
    }
  }
}

/** Adds up, for every fired cell, what its experts say, in the order of the experts. */
function ask(plan: Plan, step: Step, taped: bool): void {
  memory.fill(step.mixed, 0, <usize>step.fired * plan.channelBytes);
  let expert = plan.expert;
  let choice = step.order;
  let hidden = taped ? step.hidden : plan.hidden;
  const row = taped ? plan.hiddenBytes : 0;
  for (let e: usize = 0; e < <usize>plan.experts << 2; e += 4) {
    const asked = load<i32>(step.load + e);
    let q = asked;
    for (; q >= 4; q -= 4) {
      ask4(plan, step, expert, choice, hidden);
      choice += 16;
      hidden += row << 2;
    }
    for (; q > 0; q--) {
      ask1(plan, step, expert, choice, hidden);
      choice += 4;
      hidden += row;
    }
    expert += plan.expertBytes;
  }
}

@inline function gateOf(step: Step, choice: i32): f32 {
  return load<f32>(step.gate + (<usize>choice << 2));
}

function ask4(plan: Plan, step: Step, w1: usize, choice: usize, hidden: usize): void {
  const seenBytes = plan.seenBytes;
  const hiddenBytes = plan.hiddenBytes;
  const channelBytes = plan.channelBytes;
  const b1 = w1 + (seenBytes >> 2) * hiddenBytes;
  const w2 = b1 + hiddenBytes;
  const b2 = w2 + (hiddenBytes >> 2) * channelBytes;
  const c0 = load<i32>(choice);
  const c1 = load<i32>(choice, 4);
  const c2 = load<i32>(choice, 8);
  const c3 = load<i32>(choice, 12);
  const f0 = <usize>(c0 / plan.topK);
  const f1 = <usize>(c1 / plan.topK);
  const f2 = <usize>(c2 / plan.topK);
  const f3 = <usize>(c3 / plan.topK);
  const seen = step.seen;
  rectified4(
    seen + f0 * seenBytes, seen + f1 * seenBytes, seen + f2 * seenBytes, seen + f3 * seenBytes,
    seenBytes, w1, b1, hiddenBytes, hidden,
  );
  const mixed = step.mixed;
  mixed4(
    hidden, hiddenBytes, w2, b2, channelBytes,
    mixed + f0 * channelBytes, mixed + f1 * channelBytes, mixed + f2 * channelBytes, mixed + f3 * channelBytes,
    gateOf(step, c0), gateOf(step, c1), gateOf(step, c2), gateOf(step, c3),
  );
}

function ask1(plan: Plan, step: Step, w1: usize, choice: usize, hidden: usize): void {
  const b1 = w1 + (plan.seenBytes >> 2) * plan.hiddenBytes;
  const w2 = b1 + plan.hiddenBytes;
  const b2 = w2 + (plan.hiddenBytes >> 2) * plan.channelBytes;
  const c = load<i32>(choice);
  const f = <usize>(c / plan.topK);
  rectified1(step.seen + f * plan.seenBytes, plan.seenBytes, w1, b1, plan.hiddenBytes, hidden);
  mixed1(hidden, plan.hiddenBytes, w2, b2, plan.channelBytes, step.mixed + f * plan.channelBytes, gateOf(step, c));
}

function overwrite(plan: Plan, step: Step): void {
  const bytes = plan.channelBytes;
  let mixed = step.mixed;
  for (let f = 0; f < step.fired; f++) {
    const row = <usize>load<i32>(step.place + (<usize>f << 2)) * bytes;
    const state = plan.state + row;
    const inputs = plan.inputs + row;
    const view = plan.view + row;
    for (let i: usize = 0; i < bytes; i += 16) {
      const next = tanh4(v128.load(mixed + i));
      v128.store(mixed + i, next);
      v128.store(state + i, next);
      v128.store(view + i, f32x4.add(next, v128.load(inputs + i)));
    }
    mixed += bytes;
  }
}
