import { perceive } from "./perceive";
import { GROUP, Part, Plan, Step } from "./plan";
import { addRow, copyRow } from "../padded";
import { tanhRows } from "../tanh";
import { ROW, ROWS, product, rectified } from "./tiles";

/** One step of the part's cells whose byte in the mask is 1; the others stay as they are. */
export function forward(plan: Plan, step: Step, part: Part): void {
  for (let first = part.first; first < part.last; first += GROUP) {
    forwardGroup(plan, step, part, first, min(first + GROUP, part.last));
  }
}

/** What the part's cells show: state plus inputs. */
export function show(plan: Plan, step: Step, part: Part): void {
  const bytes = plan.channelBytes;
  const end = <usize>part.last * bytes;
  for (let i = <usize>part.first * bytes; i < end; i += 16) {
    v128.store(step.shown + i, f32x4.add(v128.load(step.state + i), v128.load(step.inputs + i)));
  }
}

function forwardGroup(plan: Plan, step: Step, part: Part, first: i32, last: i32): void {
  const from = <usize>first * plan.channelBytes;
  const length = <usize>(last - first) * plan.channelBytes;
  memory.copy(step.next + from, step.state + from, length);
  if (step.shownNext !== 0) memory.copy(step.shownNext + from, step.shown + from, length);
  const fired = list(part, step.mask, first, last);
  for (let f = 0; f < fired; f += ROWS) {
    const n = min(fired - f, ROWS);
    think(plan, step.shown, part, f, n);
    update(plan, step, part, f, n);
  }
}

/** Lists the fired cells. */
export function list(part: Part, mask: usize, first: i32, last: i32): i32 {
  let at = part.fired;
  for (let row = first; row < last; row++) {
    store<i32>(at, row);
    at += <usize>load<u8>(mask + row) << 2;
  }
  return <i32>((at - part.fired) >> 2);
}

/** Lets n listed cells, from the f-th, perceive and fill their hidden neurons. */
export function think(plan: Plan, shown: usize, part: Part, f: i32, n: i32): void {
  let seen = part.seen;
  const at = part.fired + (<usize>f << 2);
  for (let r = 0; r < n; r++) {
    perceive(plan, shown, load<i32>(at + (<usize>r << 2)), seen);
    seen += ROW;
  }
  if (plan.smooth) {
    product(part.seen, plan.seenBytes, plan.w1, plan.b1, plan.hiddenBytes, part.hidden);
    smooth(part, plan.hiddenBytes);
  } else {
    rectified(part.seen, plan.seenBytes, plan.w1, plan.b1, plan.hiddenBytes, part.hidden);
  }
}

/** tanh of the hidden neurons; the rows of outputs are free until these are used. */
function smooth(part: Part, bytes: usize): void {
  let hidden = part.hidden;
  for (let r: i32 = 0; r < ROWS; r++) {
    tanhRows(hidden, hidden, bytes, part.output);
    hidden += ROW;
  }
}

function update(plan: Plan, step: Step, part: Part, f: i32, n: i32): void {
  const bytes = plan.channelBytes;
  product(part.hidden, plan.hiddenBytes, plan.w2, plan.b2, bytes, part.output);
  const scale = f32x4.splat(plan.scale);
  let output = part.output;
  for (let r = 0; r < n; r++) {
    const row = <usize>load<i32>(part.fired + (<usize>(f + r) << 2)) * bytes;
    const next = step.next + row;
    if (plan.overwrites) {
      tanhRows(output, next, bytes, part.hidden);
    } else {
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(next + i, f32x4.add(v128.load(next + i), f32x4.mul(v128.load(output + i), scale)));
      }
    }
    if (step.shownNext !== 0) {
      copyRow(next, step.shownNext + row, bytes);
      addRow(step.inputs + row, step.shownNext + row, bytes);
    }
    output += ROW;
  }
}
