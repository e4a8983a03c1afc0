import { throughEdges } from "./edges";
import { throughExperts } from "./expert";
import { Plan, Step } from "./plan";
import { scoresOfFour, softmaxOfFour } from "./softmax";
import { addOuter, addRow } from "../padded";
import { addedRows } from "./tiles";

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
  lookAt(step.seen, <usize>step.fired * plan.seenBytes);
  throughUpdate(plan, step);
  throughExperts(plan, step);
  throughRouter(plan, step, losses);
  throughView(plan, step);
}

const SPARE: usize = memory.data(16, 16);

/** Looks at memory in order, which processors foresee; what comes after may then jump to and fro in it. */
function lookAt(from: usize, bytes: usize): void {
  let seen = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 64) seen = v128.or(seen, v128.load(from + i));
  v128.store(SPARE, seen);
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

function throughRouter(plan: Plan, step: Step, losses: usize): void {
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
    gate += bytes;
    chosen += bytes;
    gradient += bytes;
    score += plan.scoreBytes;
  }
  if (losses !== 0) for (let f = 0; f < step.fired; f += 4) throughLosses(f, plan, step, losses);
  addOuter(step.fired, step.seen, plan.seenBytes, plan.scoreGradient, plan.scoreBytes, plan.routerGradient);
  const bias = plan.routerGradient + (plan.seenBytes >> 2) * plan.scoreBytes;
  for (let f: usize = 0; f < <usize>step.fired; f++) addRow(plan.scoreGradient + f * plan.scoreBytes, bias, plan.scoreBytes);
  const w = plan.transposed + <usize>plan.experts * (plan.expertBytes - plan.hiddenBytes - plan.channelBytes);
  addedRows(step.fired, plan.scoreGradient, plan.scoreBytes, w, plan.zeros, plan.seenBytes, plan.seenGradient, plan.block);
}

/** Balance and z losses of four cells from the f-th: softmax over all experts. */
function throughLosses(f: i32, plan: Plan, step: Step, losses: usize): void {
  const p = plan.block;
  scoresOfFour(f, step, plan.scoreBytes, p);
  const logPartitions = softmaxOfFour(p, plan.experts);
  const bytes = <usize>plan.experts << 2;
  let mean = f32x4.splat(0);
  for (let e: usize = 0; e < bytes; e += 4) {
    mean = f32x4.add(mean, f32x4.mul(v128.load(p + (e << 2)), v128.load32_splat(losses + e)));
  }
  const z = f32x4.mul(v128.load32_splat(losses + bytes), logPartitions);
  const cells = <usize>min(4, step.fired - f);
  const gradient = plan.scoreGradient + <usize>f * plan.scoreBytes;
  for (let e: usize = 0; e < bytes; e += 4) {
    const at = p + (e << 2);
    const slope = f32x4.add(f32x4.sub(v128.load32_splat(losses + e), mean), z);
    v128.store(at, f32x4.mul(v128.load(at), slope));
    for (let cell: usize = 0; cell < cells; cell++) {
      const to = gradient + cell * plan.scoreBytes + e;
      store<f32>(to, load<f32>(to) + load<f32>(at + (cell << 2)));
    }
  }
}

/** Hands the gradient of what was seen to the cells that were seen, as states and as inputs. */
function throughView(plan: Plan, step: Step): void {
  const bytes = plan.channelBytes;
  const places = <usize>plan.neighbourhood << 2;
  const shown = plan.viewGradient - plan.view;
  const rows = <usize>plan.rows * bytes;
  const sums = plan.seenBytes - <usize>plan.neighbourhood * bytes;
  let from = plan.seenGradient;
  for (let f = 0; f < step.fired; f++) {
    const row = load<i32>(step.place + (<usize>f << 2));
    const seen = plan.places + <usize>row * places;
    for (let n: usize = 0; n < places; n += 4) {
      addRow(from, load<usize>(seen + n) + shown, bytes);
      from += bytes;
    }
    if (sums > 0) throughEdges(plan, row, from);
    from += sums;
  }
  for (let i: usize = 0; i < rows; i += 16) {
    const view = v128.load(plan.viewGradient + i);
    v128.store(plan.stateGradient + i, f32x4.add(v128.load(plan.stateGradient + i), view));
    v128.store(plan.inputsGradient + i, f32x4.add(v128.load(plan.inputsGradient + i), view));
    // zeros again, for the next step
    v128.store(plan.viewGradient + i, f32x4.splat(0));
  }
}
