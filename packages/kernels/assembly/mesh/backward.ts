import { list, think } from "./forward";
import { GROUP, Part, Plan, Step } from "./plan";
import { addOuter, addRow, copyRow } from "../padded";
import { plusProduct } from "../product";
import { ROW, ROWS, product } from "./tiles";

/** Fired cells that are worked on at once, so that their rows stay in the first-level cache; a multiple of ROWS. */
const BLOCK: i32 = 50;

/**
 * The way back through one step of the part's cells: from the gradient of their states after it to what they owe to their
 * own states and, in `seenGradient`, to all they saw; adding to the gradients of the weights.
 */
export function backward(plan: Plan, step: Step, part: Part): void {
  for (let first = part.first; first < part.last; first += GROUP) {
    backwardGroup(plan, step, part, first, min(first + GROUP, part.last));
  }
}

function backwardGroup(plan: Plan, step: Step, part: Part, first: i32, last: i32): void {
  const from = <usize>first * plan.channelBytes;
  const length = <usize>(last - first) * plan.channelBytes;
  if (step.cotangent !== 0) addRow(step.cotangent + from, step.gradient + from, length);
  memory.fill(plan.seenGradient + <usize>first * plan.seenBytes, 0, <usize>(last - first) * plan.seenBytes);
  const fired = list(part, step.mask, first, last);
  for (let f = 0; f < fired; f += BLOCK) throughBlock(plan, step, part, f, min(fired - f, BLOCK));
}

function throughBlock(plan: Plan, step: Step, part: Part, f: i32, n: i32): void {
  const seenBytes = plan.seenBytes;
  const hiddenBytes = plan.hiddenBytes;
  const channelBytes = plan.channelBytes;
  for (let q = 0; q < n; q += ROWS) {
    const m = min(n - q, ROWS);
    think(plan, step.shown, part, f + q, m);
    leave(part.seen, m, part.blockSeen + <usize>q * seenBytes, seenBytes);
    leave(part.hidden, m, part.blockHidden + <usize>q * hiddenBytes, hiddenBytes);
  }
  throughUpdate(plan, step, part, f, n);
  const w1 = part.gradients;
  const b1 = w1 + (seenBytes >> 2) * hiddenBytes;
  const w2 = b1 + hiddenBytes;
  const b2 = w2 + (hiddenBytes >> 2) * channelBytes;
  products(part, n, part.blockOutput, channelBytes, plan.w2Transposed, plan.zeros, hiddenBytes, part.blockSlope);
  throughNeurons(plan, part, n);
  addOuter(n, part.blockSeen, seenBytes, part.blockSlope, hiddenBytes, w1);
  addRows(n, part.blockSlope, hiddenBytes, b1);
  addOuter(n, part.blockHidden, hiddenBytes, part.blockOutput, channelBytes, w2);
  addRows(n, part.blockOutput, channelBytes, b2);
  // blockSeen has done its duty and takes the gradient of what was seen
  products(part, n, part.blockSlope, hiddenBytes, plan.w1Transposed, plan.zeros, seenBytes, part.blockSeen);
  for (let q: usize = 0; q < <usize>n; q++) {
    const row = <usize>load<i32>(part.fired + ((<usize>f + q) << 2));
    copyRow(part.blockSeen + q * seenBytes, plan.seenGradient + row * seenBytes, seenBytes);
  }
}

/** Copies rows that were worked on together to consecutive ones. */
function leave(from: usize, n: i32, to: usize, bytes: usize): void {
  for (let r = 0; r < n; r++) {
    copyRow(from, to, bytes);
    from += ROW;
    to += bytes;
  }
}

/** The gradients of the outputs; what a cell keeps of its old state keeps its gradient. */
function throughUpdate(plan: Plan, step: Step, part: Part, f: i32, n: i32): void {
  const bytes = plan.channelBytes;
  const scale = f32x4.splat(plan.scale);
  const one = f32x4.splat(1);
  let output = part.blockOutput;
  for (let q = 0; q < n; q++) {
    const row = <usize>load<i32>(part.fired + (<usize>(f + q) << 2)) * bytes;
    const gradient = step.gradient + row;
    const next = step.next + row;
    if (plan.overwrites) {
      for (let i: usize = 0; i < bytes; i += 16) {
        const s = v128.load(next + i);
        v128.store(output + i, f32x4.mul(v128.load(gradient + i), f32x4.sub(one, f32x4.mul(s, s))));
        v128.store(gradient + i, f32x4.splat(0));
      }
    } else {
      for (let i: usize = 0; i < bytes; i += 16) v128.store(output + i, f32x4.mul(v128.load(gradient + i), scale));
    }
    output += bytes;
  }
}

/** From the gradients of the neurons to those of what they add up. */
function throughNeurons(plan: Plan, part: Part, n: i32): void {
  const end = <usize>n * plan.hiddenBytes;
  const one = f32x4.splat(1);
  for (let i: usize = 0; i < end; i += 16) {
    const h = v128.load(part.blockHidden + i);
    const slope = v128.load(part.blockSlope + i);
    const through = plan.smooth ? f32x4.mul(slope, f32x4.sub(one, f32x4.mul(h, h))) : v128.and(slope, f32x4.gt(h, f32x4.splat(0)));
    v128.store(part.blockSlope + i, through);
  }
}

/** Any number of consecutive rows times a matrix; they pass through the rows that are worked on together. */
function products(part: Part, n: i32, x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  for (let q = 0; q < n; q += ROWS) {
    const m = min(n - q, ROWS);
    for (let r: usize = 0; r < <usize>m; r++) copyRow(x + r * inner, part.seen + r * ROW, inner);
    product(part.seen, inner, w, bias, width, part.output);
    leave(part.output, m, out, width);
    x += <usize>m * inner;
    out += <usize>m * width;
  }
}

/** Adds consecutive rows to one. */
function addRows(n: i32, rows: usize, bytes: usize, to: usize): void {
  for (let q = 0; q < n; q++) {
    addRow(rows, to, bytes);
    rows += bytes;
  }
}

/** Collects, for every cell of the part, what its viewers owe it, viewer after viewer. */
export function collect(plan: Plan, step: Step, part: Part): void {
  for (let row = part.first; row < part.last; row++) collectRow(plan, step, row);
}

function collectRow(plan: Plan, step: Step, row: i32): void {
  const bytes = plan.channelBytes;
  const cell = row % plan.cells;
  const lattice = plan.seenGradient + <usize>(row - cell) * plan.seenBytes;
  const first = <usize>load<i32>(plan.viewers + (<usize>cell << 2)) << 2;
  const last = <usize>load<i32>(plan.viewers + (<usize>cell << 2), 4) << 2;
  const at = <usize>row * bytes;
  for (let i: usize = 0; i < bytes; i += 16) {
    let s = f32x4.splat(0);
    for (let v = first; v < last; v += 4) {
      const from = lattice + <usize>load<i32>(plan.places + v) * bytes + i;
      s = plusProduct(s, v128.load32_splat(plan.factors + v), v128.load(from));
    }
    v128.store(step.gradient + at + i, f32x4.add(v128.load(step.gradient + at + i), s));
    if (step.inputsGradient !== 0) {
      v128.store(step.inputsGradient + at + i, f32x4.add(v128.load(step.inputsGradient + at + i), s));
    }
  }
}
