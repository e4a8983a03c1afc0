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
  const block = ROWS * plan.tiles;
  for (let f = 0; f < fired; f += block) {
    const n = min(fired - f, block);
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

/** Tiles that n cells fill. */
@inline export function tilesOf(n: i32): i32 {
  return (n + ROWS - 1) / ROWS;
}

/** Lets n listed cells, from the f-th, perceive and fill their hidden neurons. */
export function think(plan: Plan, shown: usize, part: Part, f: i32, n: i32): void {
  const tiles = tilesOf(n);
  const listed = part.fired + (<usize>f << 2);
  perceive(plan, shown, listed, listed + (<usize>n << 2), <usize>tiles << 2, part.seen);
  if (plan.smooth) {
    product(tiles, part.seen, plan.seenBytes, plan.w1, plan.b1, plan.hiddenBytes, part.hidden);
    // the rows of outputs are free until the neurons are used
    smooth(part.hidden, <usize>tiles * plan.hiddenBytes, part.output);
  } else {
    rectified(tiles, part.seen, plan.seenBytes, plan.w1, plan.b1, plan.hiddenBytes, part.hidden);
  }
}

/** tanh of the first bytes of every lane. */
function smooth(lane: usize, bytes: usize, scratch: usize): void {
  for (let r: i32 = 0; r < ROWS; r++) {
    tanhRows(lane, lane, bytes, scratch);
    lane += ROW;
  }
}

function update(plan: Plan, step: Step, part: Part, f: i32, n: i32): void {
  const bytes = plan.channelBytes;
  const tiles = tilesOf(n);
  product(tiles, part.hidden, plan.hiddenBytes, plan.w2, plan.b2, bytes, part.output);
  // the neurons have done their duty
  if (plan.overwrites) smooth(part.output, <usize>tiles * bytes, part.hidden);
  const end = part.fired + (<usize>(f + n) << 2);
  let lane = part.output;
  for (let at = part.fired + (<usize>f << 2); at < end; at += <usize>tiles << 2) {
    updateLane(plan, step, at, min(at + (<usize>tiles << 2), end), lane);
    lane += ROW;
  }
}

function updateLane(plan: Plan, step: Step, listed: usize, end: usize, output: usize): void {
  const bytes = plan.channelBytes;
  const overwrites = plan.overwrites;
  const scale = f32x4.splat(plan.scale);
  const states = step.next;
  const shown = step.shownNext;
  const inputs = step.inputs;
  for (; listed < end; listed += 4) {
    const row = <usize>load<i32>(listed) * bytes;
    const next = states + row;
    if (overwrites) {
      copyRow(output, next, bytes);
    } else {
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(next + i, f32x4.add(v128.load(next + i), f32x4.mul(v128.load(output + i), scale)));
      }
    }
    if (shown !== 0) {
      copyRow(next, shown + row, bytes);
      addRow(inputs + row, shown + row, bytes);
    }
    output += bytes;
  }
}
