import { Plan, Step } from "./plan";
import { highest, logPartition, partition } from "./route";
import { addOuter, addRow } from "../padded";
import { plusProduct } from "../product";
import { enter, plainRows } from "./tiles";

/** Choices that are worked on at once, so that their rows stay in the first-level cache. */
const BLOCK: i32 = 64;

/** Copies `w` [rows, columns] to `to` [columns, rows]; lengths of a row in bytes. */
function flip(w: usize, rowBytes: usize, rows: usize, to: usize, toBytes: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    for (let c: usize = 0; c < rowBytes; c += 4) store<f32>(to + (c >> 2) * toBytes + (r << 2), load<f32>(w + r * rowBytes + c));
  }
}

/** Transposes all weights, for gradients of rows. */
export function transpose(plan: Plan): void {
  const seen = plan.seenBytes >> 2;
  const hidden = plan.hiddenBytes >> 2;
  let expert = plan.expert;
  let to = plan.transposed;
  for (let e = 0; e < plan.experts; e++) {
    flip(expert, plan.hiddenBytes, seen, to, plan.seenBytes);
    to += hidden * plan.seenBytes;
    const w2 = expert + (seen + 1) * plan.hiddenBytes;
    flip(w2, plan.channelBytes, hidden, to, plan.hiddenBytes);
    to += (plan.channelBytes >> 2) * plan.hiddenBytes;
    expert += plan.expertBytes;
  }
  flip(plan.routerWeight, plan.scoreBytes, seen, to, plan.seenBytes);
}

/**
 * The way back through one step: from the gradient of the state after it to that of the state before it, adding to the
 * gradients of inputs and weights.
 *
 * @param cotangent more gradient of the state after the step [rows, channels]; 0 when there is none
 * @param losses factors of the probabilities of the experts [experts] and of the log-partition, from the losses; 0 when
 *   there are none
 */
export function backward(plan: Plan, step: Step, cotangent: usize, losses: usize): void {
  if (cotangent !== 0) addRow(cotangent, plan.stateGradient, <usize>plan.rows * plan.channelBytes);
  if (step.fired === 0) return;
  memory.fill(plan.seenGradient, 0, <usize>step.fired * plan.seenBytes);
  memory.fill(plan.scoreGradient, 0, <usize>step.fired * plan.scoreBytes);
  throughUpdate(plan, step);
  let expert = plan.expert;
  let gradient = plan.expertGradient;
  let transposed = plan.transposed;
  let choice = step.order;
  let hidden = step.hidden;
  for (let e: usize = 0; e < <usize>plan.experts << 2; e += 4) {
    for (let left = load<i32>(step.load + e); left > 0; left -= BLOCK) {
      const n = min(left, BLOCK);
      throughExpert(plan, step, n, choice, hidden, expert, gradient, transposed);
      choice += <usize>n << 2;
      hidden += <usize>n * plan.hiddenBytes;
    }
    expert += plan.expertBytes;
    gradient += plan.expertBytes;
    transposed += (plan.hiddenBytes >> 2) * plan.seenBytes + (plan.channelBytes >> 2) * plan.hiddenBytes;
  }
  throughRouter(plan, step, losses, transposed);
  throughView(plan, step);
}

/** Replaces the gradient of a fired cell's state by that of its mixture, which is kept; its old state is forgotten. */
function throughUpdate(plan: Plan, step: Step): void {
  const bytes = plan.channelBytes;
  const one = f32x4.splat(1);
  let state = step.mixed;
  let mixed = plan.mixedGradient;
  for (let f = 0; f < step.fired; f++) {
    const gradient = plan.stateGradient + <usize>load<i32>(step.place + (<usize>f << 2)) * bytes;
    for (let i: usize = 0; i < bytes; i += 16) {
      const s = v128.load(state + i);
      v128.store(mixed + i, f32x4.mul(v128.load(gradient + i), f32x4.sub(one, f32x4.mul(s, s))));
      v128.store(gradient + i, f32x4.splat(0));
    }
    state += bytes;
    mixed += bytes;
  }
}

/** Sum of products: four chains, added up in pairs. */
@inline function dot(a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) sum = plusProduct(sum, v128.load(a + i), v128.load(b + i));
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}

/** Some of one expert's choices. */
function throughExpert(plan: Plan, step: Step, n: i32, choice: usize, hidden: usize, w1: usize, g1: usize, transposed: usize): void {
  const seenBytes = plan.seenBytes;
  const hiddenBytes = plan.hiddenBytes;
  const channelBytes = plan.channelBytes;
  const bias = (seenBytes >> 2) * hiddenBytes;
  const second = bias + hiddenBytes;
  const lastBias = second + (hiddenBytes >> 2) * channelBytes;
  for (let q: usize = 0; q < <usize>n; q++) {
    const f = <usize>(load<i32>(choice + (q << 2)) / plan.topK);
    enter(step.seen + f * seenBytes, plan.blockSeen + q * seenBytes, seenBytes);
    enter(plan.mixedGradient + f * channelBytes, plan.blockOutput + q * channelBytes, channelBytes);
  }
  // gradient of the hidden neurons, before gate and rectifier
  plainRows(n, plan.blockOutput, channelBytes, transposed + (hiddenBytes >> 2) * seenBytes, plan.zeros, hiddenBytes, plan.blockHidden, plan.block);
  for (let q: usize = 0; q < <usize>n; q++) {
    const c = <usize>load<i32>(choice + (q << 2)) << 2;
    const output = plan.blockOutput + q * channelBytes;
    const neurons = plan.blockHidden + q * hiddenBytes;
    const active = hidden + q * hiddenBytes;
    store<f32>(plan.gateGradient + c, dot(active, neurons, hiddenBytes) + dot(w1 + lastBias, output, channelBytes));
    const gate = f32x4.splat(load<f32>(step.gate + c));
    for (let i: usize = 0; i < hiddenBytes; i += 16) {
      const fires = f32x4.gt(v128.load(active + i), f32x4.splat(0));
      const value = v128.and(f32x4.mul(gate, v128.load(neurons + i)), fires);
      v128.store(neurons + i, value);
      v128.store(g1 + bias + i, f32x4.add(v128.load(g1 + bias + i), value));
    }
    for (let i: usize = 0; i < channelBytes; i += 16) {
      const value = f32x4.mul(gate, v128.load(output + i));
      v128.store(output + i, value);
      v128.store(g1 + lastBias + i, f32x4.add(v128.load(g1 + lastBias + i), value));
    }
  }
  addOuter(n, plan.blockSeen, seenBytes, plan.blockHidden, hiddenBytes, g1);
  addOuter(n, hidden, hiddenBytes, plan.blockOutput, channelBytes, g1 + second);
  // blockSeen has done its duty and takes the gradient of what was seen
  plainRows(n, plan.blockHidden, hiddenBytes, transposed, plan.zeros, seenBytes, plan.blockSeen, plan.block);
  for (let q: usize = 0; q < <usize>n; q++) {
    const f = <usize>(load<i32>(choice + (q << 2)) / plan.topK);
    addRow(plan.blockSeen + q * seenBytes, plan.seenGradient + f * seenBytes, seenBytes);
  }
}

function throughRouter(plan: Plan, step: Step, losses: usize, transposed: usize): void {
  const bytes = <usize>plan.topK << 2;
  let gate = step.gate;
  let chosen = step.chosen;
  let gradient = plan.gateGradient;
  let score = plan.scoreGradient;
  for (let f = 0; f < step.fired; f++) {
    // softmax of the chosen scores
    let mean: f32 = 0;
    for (let c: usize = 0; c < bytes; c += 4) mean += load<f32>(gate + c) * load<f32>(gradient + c);
    for (let c: usize = 0; c < bytes; c += 4) {
      store<f32>(score + (<usize>load<i32>(chosen + c) << 2), load<f32>(gate + c) * (load<f32>(gradient + c) - mean));
    }
    if (losses !== 0) throughLosses(plan, step.score + <usize>f * plan.scoreBytes, score, losses);
    gate += bytes;
    chosen += bytes;
    gradient += bytes;
    score += plan.scoreBytes;
  }
  const seen = step.seen;
  addOuter(step.fired, seen, plan.seenBytes, plan.scoreGradient, plan.scoreBytes, plan.routerGradient);
  const bias = plan.routerGradient + (plan.seenBytes >> 2) * plan.scoreBytes;
  for (let f: usize = 0; f < <usize>step.fired; f++) addRow(plan.scoreGradient + f * plan.scoreBytes, bias, plan.scoreBytes);
  addProduct(plan, step.fired, transposed);
}

/** Adds the router's part to the gradient of what was seen, block by block. */
function addProduct(plan: Plan, fired: i32, transposed: usize): void {
  let score = plan.scoreGradient;
  let to = plan.seenGradient;
  for (; fired > 0; fired -= BLOCK) {
    const n = min(fired, BLOCK);
    plainRows(n, score, plan.scoreBytes, transposed, plan.zeros, plan.seenBytes, plan.blockSeen, plan.block);
    addRow(plan.blockSeen, to, <usize>n * plan.seenBytes);
    score += <usize>n * plan.scoreBytes;
    to += <usize>n * plan.seenBytes;
  }
}

const SPARE: usize = memory.data(512, 16);

/** Balance and z loss of one fired cell: softmax over all experts. */
@inline function throughLosses(plan: Plan, score: usize, gradient: usize, losses: usize): void {
  const bytes = <usize>plan.experts << 2;
  const best = highest(score, plan.experts);
  const sum = partition(score, plan.experts, best, SPARE);
  let mean: f32 = 0;
  for (let e: usize = 0; e < bytes; e += 4) {
    const p = load<f32>(SPARE + e) / sum;
    store<f32>(SPARE + e, p);
    mean += p * load<f32>(losses + e);
  }
  const z = load<f32>(losses + bytes) * logPartition(best, sum);
  for (let e: usize = 0; e < bytes; e += 4) {
    store<f32>(gradient + e, load<f32>(gradient + e) + load<f32>(SPARE + e) * (load<f32>(losses + e) - mean + z));
  }
}

/** Hands the gradient of what was seen to the cells that were seen, as states and as inputs. */
function throughView(plan: Plan, step: Step): void {
  const bytes = plan.channelBytes;
  const places = <usize>plan.neighbourhood << 2;
  const shown = plan.viewGradient - plan.view;
  const rows = <usize>plan.rows * bytes;
  memory.fill(plan.viewGradient, 0, rows + bytes);
  let from = plan.seenGradient;
  for (let f = 0; f < step.fired; f++) {
    const seen = plan.places + <usize>load<i32>(step.place + (<usize>f << 2)) * places;
    for (let n: usize = 0; n < places; n += 4) {
      addRow(from, load<usize>(seen + n) + shown, bytes);
      from += bytes;
    }
  }
  addRow(plan.viewGradient, plan.stateGradient, rows);
  addRow(plan.viewGradient, plan.inputsGradient, rows);
}
