import { tanhRows } from "../tanh";
import { enterFive, entered, spanOf } from "./block";
import { sumEdges } from "./edges";
import { Plan, Step, cellOf, listFired } from "./plan";
import { route } from "./route";
import { ROW, ROWS, enter, mixed1, mixed5, rectified1, rectified5 } from "./tiles";

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
  listFired(step, mask, plan.turns, plan.first, plan.rows);
  const seenPlaces = <usize>plan.neighbourhood << 2;
  const bytes = plan.channelBytes;
  const sums = plan.seenBytes - <usize>plan.neighbourhood * bytes;
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
    to += sums;
  }
  if (sums > 0) sumEdges(plan, step);
}

/** Adds up, for every fired cell, what its experts say, in the order of the experts. */
function ask(plan: Plan, step: Step, taped: bool): void {
  memory.fill(step.mixed, 0, <usize>step.fired * plan.channelBytes);
  let expert = plan.expert;
  let choice = step.order;
  let hidden = taped ? step.hidden : 0;
  for (let e: usize = 0; e < <usize>plan.experts << 2; e += 4) {
    let left = load<i32>(step.load + e);
    for (; left >= <i32>ROWS; left -= <i32>ROWS) {
      ask5(plan, step, expert, choice, hidden);
      choice += ROWS << 2;
      if (taped) hidden += ROWS * plan.hiddenBytes;
    }
    for (; left > 0; left--) {
      ask1(plan, step, expert, choice, hidden);
      choice += 4;
      if (taped) hidden += plan.hiddenBytes;
    }
    expert += plan.expertBytes;
  }
}

/** Address of the sum that a choice adds to. */
@inline function mixedOf(plan: Plan, step: Step, choice: i32): usize {
  return step.mixed + cellOf(plan.topK, choice) * plan.channelBytes;
}

@inline function gateOf(step: Step, choice: i32): f32 {
  return load<f32>(step.gate + (<usize>choice << 2));
}

function ask5(plan: Plan, step: Step, w1: usize, choice: usize, hidden: usize): void {
  const seenBytes = plan.seenBytes;
  const hiddenBytes = plan.hiddenBytes;
  const b1 = w1 + (seenBytes >> 2) * hiddenBytes;
  const w2 = b1 + hiddenBytes;
  const b2 = w2 + (hiddenBytes >> 2) * plan.channelBytes;
  const c0 = load<i32>(choice);
  const c1 = load<i32>(choice, 4);
  const c2 = load<i32>(choice, 8);
  const c3 = load<i32>(choice, 12);
  const c4 = load<i32>(choice, 16);
  const k = plan.topK;
  enterFive(step, plan.reach, seenBytes, plan.block, cellOf(k, c0), cellOf(k, c1), cellOf(k, c2), cellOf(k, c3), cellOf(k, c4));
  const from = entered.from;
  rectified5(plan.block, entered.end - from, w1 + (from >> 2) * hiddenBytes, b1, hiddenBytes, plan.hidden);
  mixed5(
    plan.hidden, hiddenBytes, w2, b2, plan.channelBytes,
    mixedOf(plan, step, c0), mixedOf(plan, step, c1), mixedOf(plan, step, c2), mixedOf(plan, step, c3), mixedOf(plan, step, c4),
    gateOf(step, c0), gateOf(step, c1), gateOf(step, c2), gateOf(step, c3), gateOf(step, c4),
  );
  if (hidden === 0) return;
  for (let r: usize = 0; r < ROWS; r++) enter(plan.hidden + r * ROW, hidden + r * hiddenBytes, hiddenBytes);
}

function ask1(plan: Plan, step: Step, w1: usize, choice: usize, hidden: usize): void {
  const b1 = w1 + (plan.seenBytes >> 2) * plan.hiddenBytes;
  const w2 = b1 + plan.hiddenBytes;
  const b2 = w2 + (plan.hiddenBytes >> 2) * plan.channelBytes;
  const c = load<i32>(choice);
  const f = cellOf(plan.topK, c);
  const neurons = hidden === 0 ? plan.hidden : hidden;
  const span = spanOf(step, plan.reach, f);
  const from = span.from;
  rectified1(step.seen + f * plan.seenBytes + from, span.end - from, w1 + (from >> 2) * plan.hiddenBytes, b1, plan.hiddenBytes, neurons);
  mixed1(neurons, plan.hiddenBytes, w2, b2, plan.channelBytes, mixedOf(plan, step, c), gateOf(step, c));
}

function overwrite(plan: Plan, step: Step): void {
  const bytes = plan.channelBytes;
  tanhRows(step.mixed, step.mixed, <usize>step.fired * bytes, plan.block);
  let mixed = step.mixed;
  for (let f = 0; f < step.fired; f++) {
    const row = <usize>load<i32>(step.place + (<usize>f << 2)) * bytes;
    const state = plan.state + row;
    const inputs = plan.inputs + row;
    const view = plan.shown + row;
    for (let i: usize = 0; i < bytes; i += 16) {
      const next = v128.load(mixed + i);
      v128.store(state + i, next);
      v128.store(view + i, f32x4.add(next, v128.load(inputs + i)));
    }
    mixed += bytes;
  }
}
