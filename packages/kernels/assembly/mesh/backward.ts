import { plusProduct } from "../product";
import { list, think, tilesOf } from "./forward";
import { GROUP, Part, Plan, Step } from "./plan";
import { addOuterLanes, addRow, copyRow } from "../padded";
import { ROW, ROWS, product } from "./tiles";

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
  const block = ROWS * plan.tiles;
  for (let f = 0; f < fired; f += block) throughBlock(plan, step, part, f, min(fired - f, block));
}

function throughBlock(plan: Plan, step: Step, part: Part, f: i32, n: i32): void {
  const tiles = tilesOf(n);
  const seenBytes = plan.seenBytes;
  const hiddenBytes = plan.hiddenBytes;
  const channelBytes = plan.channelBytes;
  think(plan, step.shown, part, f, n);
  const start = part.fired + (<usize>f << 2);
  const end = start + (<usize>n << 2);
  const lane = <usize>tiles << 2;
  let output = part.output;
  for (let at = start; at < end; at += lane) {
    throughUpdate(plan, step, at, min(at + lane, end), output);
    output += ROW;
  }
  const w1 = part.gradients;
  const b1 = w1 + (seenBytes >> 2) * hiddenBytes;
  const w2 = b1 + hiddenBytes;
  const b2 = w2 + (hiddenBytes >> 2) * channelBytes;
  product(tiles, part.output, channelBytes, plan.w2Transposed, plan.zeros, hiddenBytes, part.slope);
  throughNeurons(plan, part, <usize>tiles * hiddenBytes);
  addProducts(n, part.seen, seenBytes, part.slope, hiddenBytes, w1);
  addRows(n, part.slope, hiddenBytes, b1);
  addProducts(n, part.hidden, hiddenBytes, part.output, channelBytes, w2);
  addRows(n, part.output, channelBytes, b2);
  // `seen` has done its duty and takes the gradient of what was seen
  product(tiles, part.slope, hiddenBytes, plan.w1Transposed, plan.zeros, seenBytes, part.seen);
  let seen = part.seen;
  for (let at = start; at < end; at += lane) {
    leave(plan, at, min(at + lane, end), seen);
    seen += ROW;
  }
}

/** The gradients of the outputs; what a cell keeps of its old state keeps its gradient. */
function throughUpdate(plan: Plan, step: Step, listed: usize, end: usize, output: usize): void {
  const bytes = plan.channelBytes;
  const overwrites = plan.overwrites;
  const scale = f32x4.splat(plan.scale);
  const one = f32x4.splat(1);
  for (; listed < end; listed += 4) {
    const row = <usize>load<i32>(listed) * bytes;
    const gradient = step.gradient + row;
    const next = step.next + row;
    if (overwrites) {
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

/** From the gradients of the neurons to those of what they add up, in the first bytes of every lane. */
function throughNeurons(plan: Plan, part: Part, bytes: usize): void {
  const one = f32x4.splat(1);
  const smooth = plan.smooth;
  const end = <usize>ROWS * ROW;
  for (let lane: usize = 0; lane < end; lane += ROW) {
    const hidden = part.hidden + lane;
    const slopes = part.slope + lane;
    for (let i: usize = 0; i < bytes; i += 16) {
      const h = v128.load(hidden + i);
      const slope = v128.load(slopes + i);
      const through = smooth ? f32x4.mul(slope, f32x4.sub(one, f32x4.mul(h, h))) : v128.and(slope, f32x4.gt(h, f32x4.splat(0)));
      v128.store(slopes + i, through);
    }
  }
}

/** Adds to `g` the sum over n cells of the outer products of what they have in the lanes of `a` and `b`, cell after cell. */
function addProducts(n: i32, a: usize, aBytes: usize, b: usize, bBytes: usize, g: usize): void {
  const tiles = tilesOf(n);
  const full = n / tiles;
  addOuterLanes(full, ROW, tiles, a, aBytes, b, bBytes, g);
  const more = n - full * tiles;
  const begun = <usize>full * ROW;
  if (more > 0) addOuterLanes(1, ROW, more, a + begun, aBytes, b + begun, bBytes, g);
}

/** Adds the rows of n cells to one. */
function addRows(n: i32, lane: usize, bytes: usize, to: usize): void {
  const tiles = tilesOf(n);
  for (; n > 0; n -= tiles) {
    const end = lane + <usize>min(n, tiles) * bytes;
    for (let row = lane; row < end; row += bytes) addRow(row, to, bytes);
    lane += ROW;
  }
}

/** Copies consecutive rows to where the gradient of what each cell saw stands. */
function leave(plan: Plan, listed: usize, end: usize, from: usize): void {
  const bytes = plan.seenBytes;
  const to = plan.seenGradient;
  for (; listed < end; listed += 4) {
    copyRow(from, to + <usize>load<i32>(listed) * bytes, bytes);
    from += bytes;
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
