import { addRow } from "../padded";
import { plusProduct } from "../product";
import { addColumns, addSum, listColumns, listRow } from "./active";
import { Plan, Step, cellOf } from "./plan";
import { ROW, ROWS, enter, plain1, plain5 } from "./tiles";

/** Choices that are worked on at once, so that their rows stay in the cache; a multiple of 4. */
const BLOCK: i32 = 96;

/** Some choices of one expert, and where this expert's weights and gradients stand. */
@unmanaged
class Block {
  /** Number of choices. */
  choices: i32;
  /** The choices, and their hidden neurons. */
  choice: usize;
  hidden: usize;
  w1Transposed: usize;
  w2Transposed: usize;
  b2: usize;
  toW1: usize;
  toB1: usize;
  toW2: usize;
  toB2: usize;
}

const block = changetype<Block>(memory.data(offsetof<Block>(), 16));

/** The way back through all that the experts were asked in one step, adding to the gradients of their weights and of what was seen. */
export function throughExperts(plan: Plan, step: Step): void {
  const first = (plan.seenBytes >> 2) * plan.hiddenBytes;
  const second = (plan.hiddenBytes >> 2) * plan.channelBytes;
  let b2 = plan.expert + first + plan.hiddenBytes + second;
  let gradient = plan.expertGradient;
  let transposed = plan.transposed;
  block.choice = step.order;
  block.hidden = step.hidden;
  for (let e: usize = 0; e < <usize>plan.experts << 2; e += 4) {
    block.w1Transposed = transposed;
    block.w2Transposed = transposed + first;
    block.b2 = b2;
    block.toW1 = gradient;
    block.toB1 = gradient + first;
    block.toW2 = block.toB1 + plan.hiddenBytes;
    block.toB2 = block.toW2 + second;
    for (let left = load<i32>(step.load + e); left > 0; left -= BLOCK) {
      block.choices = min(left, BLOCK);
      throughBlock(plan, step);
      block.choice += <usize>block.choices << 2;
      block.hidden += <usize>block.choices * plan.hiddenBytes;
    }
    b2 += plan.expertBytes;
    gradient += plan.expertBytes;
    transposed += first + second;
  }
}

function throughBlock(plan: Plan, step: Step): void {
  takeSeen(plan, step);
  throughOutput(plan);
  throughGates(plan, step);
  toSeen(plan);
  toWeights(plan);
}

/** Place among the fired cells of who made a choice. */
@inline function fired(plan: Plan, choice: usize): usize {
  return cellOf(plan.topK, load<i32>(choice));
}

/** Fetches what was seen: nothing else, so that many rows are on their way at once. */
function takeSeen(plan: Plan, step: Step): void {
  let to = plan.workSeen;
  for (let q: usize = 0; q < <usize>block.choices; q++) {
    enter(step.seen + fired(plan, block.choice + (q << 2)) * plan.seenBytes, to, plan.seenBytes);
    to += plan.workBytes;
  }
}

/** From the gradients of outputs to those of the neurons that they were made of, before gates and rectifier. */
function throughOutput(plan: Plan): void {
  const inner = plan.channelBytes;
  const width = plan.hiddenBytes;
  const row = plan.workBytes;
  let choice = block.choice;
  let to = plan.workSlope;
  let left = block.choices;
  for (; left >= <i32>ROWS; left -= <i32>ROWS) {
    for (let r: usize = 0; r < ROWS; r++) enter(plan.mixedGradient + fired(plan, choice + (r << 2)) * inner, plan.block + r * ROW, inner);
    plain5(plan.block, inner, block.w2Transposed, plan.zeros, width, to, to + row, to + 2 * row, to + 3 * row, to + 4 * row);
    choice += ROWS << 2;
    to += ROWS * row;
  }
  for (; left > 0; left--) {
    plain1(plan.mixedGradient + fired(plan, choice) * inner, inner, block.w2Transposed, plan.zeros, width, to);
    choice += 4;
    to += row;
  }
}

/** Leaves gradients of outputs and neurons, of the gates, and of both biases. */
function throughGates(plan: Plan, step: Step): void {
  const hiddenBytes = plan.hiddenBytes;
  const channelBytes = plan.channelBytes;
  let choice = block.choice;
  let hidden = block.hidden;
  let at: usize = 0;
  for (let q = 0; q < block.choices; q++) {
    const output = plan.mixedGradient + fired(plan, choice) * channelBytes;
    const slope = plan.workSlope + at;
    const c = <usize>load<i32>(choice) << 2;
    store<f32>(plan.gateGradient + c, dot(hidden, slope, hiddenBytes) + dot(block.b2, output, channelBytes));
    const gate = f32x4.splat(load<f32>(step.gate + c));
    for (let i: usize = 0; i < hiddenBytes; i += 16) {
      const neurons = v128.load(hidden + i);
      const value = v128.and(f32x4.mul(gate, v128.load(slope + i)), f32x4.gt(neurons, f32x4.splat(0)));
      v128.store(plan.workNeurons + at + i, neurons);
      v128.store(slope + i, value);
    }
    for (let i: usize = 0; i < channelBytes; i += 16) {
      v128.store(plan.workOutput + at + i, f32x4.mul(gate, v128.load(output + i)));
    }
    addRow(slope, block.toB1, hiddenBytes);
    addRow(plan.workOutput + at, block.toB2, channelBytes);
    choice += 4;
    hidden += hiddenBytes;
    at += plan.workBytes;
  }
}

/** Sum of products: four chains, added up in pairs. */
@inline function dot(a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) sum = plusProduct(sum, v128.load(a + i), v128.load(b + i));
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}

/** Adds to the gradients of what was seen. */
function toSeen(plan: Plan): void {
  let choice = block.choice;
  let at: usize = 0;
  for (let q = 0; q < block.choices; q++) {
    const end = listRow(plan.workNeurons + at, plan.hiddenBytes, plan.lists);
    const to = plan.seenGradient + fired(plan, choice) * plan.seenBytes;
    addSum(plan.lists, end, plan.workSlope + at, block.w1Transposed, plan.seenBytes, to);
    choice += 4;
    at += plan.workBytes;
  }
}

/** Adds to the gradients of both matrices; that of the first is transposed: a row for each neuron. */
function toWeights(plan: Plan): void {
  const row = plan.workBytes;
  const rows = <usize>(block.choices + 3 & ~3);
  for (let q = <usize>block.choices; q < rows; q++) memory.fill(plan.workNeurons + q * row, 0, plan.hiddenBytes);
  const neurons = plan.hiddenBytes >> 2;
  listColumns(plan.workNeurons, neurons, row, rows, plan.lists, plan.listBytes);
  addColumns(plan.lists, plan.listBytes, neurons, plan.workSlope, plan.workSeen, plan.seenBytes, block.toW1);
  addColumns(plan.lists, plan.listBytes, neurons, plan.workNeurons, plan.workOutput, plan.channelBytes, block.toW2);
}
