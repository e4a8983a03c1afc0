import { expertLength, layOut, layOutStep, routerLength, widthsOf, writePlan } from "./layout.ts";
import type { Plan, StepRecord, Widths } from "./layout.ts";
import { lossFactors, lossesOf } from "./losses.ts";
import type { StepStatistics } from "./losses.ts";
import { Arena } from "./memory.ts";
import type { AutomatonSimd } from "./memory.ts";
import { chunkStrips } from "./program.ts";
import type {
  AutomatonCotangents,
  AutomatonGradients,
  AutomatonProgram,
  AutomatonResult,
  AutomatonRun,
  AutomatonShape,
  Choices,
  MixtureWeights,
} from "./program.ts";
import { copyRows, readGradients, writeWeights } from "./weights.ts";

/** Some strips that are worked on at once. */
interface Chunk {
  /** Place of the first cell in the flat batch. */
  readonly first: number;
  /** Number of cells. */
  readonly rows: number;
}

interface Tape {
  readonly run: AutomatonRun;
  /** Step records of each chunk. */
  readonly records: readonly (readonly StepRecord[])[];
  readonly statistics: readonly StepStatistics[];
}

/** The automaton in SIMD, bit for bit like `automatonReference`. */
export class SimdProgram implements AutomatonProgram {
  private readonly shape: AutomatonShape;
  private readonly kernels: AutomatonSimd;
  private readonly arena: Arena;
  private readonly widths: Widths;
  private readonly plan: Plan;
  private readonly planAt: number;
  /** Record for steps that nobody goes back through. */
  private readonly spare: StepRecord;
  private readonly bottom: number;
  private tape: Tape | undefined;

  constructor(shape: AutomatonShape, kernels: AutomatonSimd) {
    this.shape = shape;
    this.kernels = kernels;
    this.arena = new Arena(kernels.memory);
    this.widths = widthsOf(shape);
    const { plan, address } = layOut(shape, this.arena);
    this.plan = plan;
    this.planAt = address;
    this.spare = layOutStep(this.arena, plan, plan.rows);
    this.bottom = this.arena.mark();
  }

  load(weights: MixtureWeights): void {
    writeWeights(this.shape, this.widths, weights, this.arena.floats, this.plan);
  }

  run(run: AutomatonRun): AutomatonResult {
    const { arena, kernels, plan, planAt, shape } = this;
    const { channels, experts, topK } = shape;
    const { masks, keep = false, choices = false, losses = false, tape = false, state } = run;
    const states = Array.from({ length: keep ? masks.length : 1 }, () => new Float32Array(state.length));
    arena.release(this.bottom);
    const sumsAt = arena.take(masks.length * (2 * experts + 1) * 4);
    const maskAt = arena.take(plan.rows);
    arena.floats.fill(0, sumsAt / 4, maskAt / 4);
    const chosen: Choices[] = choices ? masks.map((mask) => emptyChoices(mask, topK)) : [];
    const filled = masks.map(() => 0);
    const records: StepRecord[][] = [];
    for (const chunk of this.chunks(run.batch)) {
      const { first, rows } = chunk;
      this.enter(run, chunk);
      const taped: StepRecord[] = [];
      for (let step = 0; step < masks.length; step++) {
        const mask = masks[step]!.subarray(first, first + rows);
        const record = tape ? layOutStep(arena, plan, countFired(mask)) : this.spare;
        arena.bytes.set(mask, maskAt);
        kernels.forward(planAt, record.address, maskAt, losses ? sumsAt + step * (2 * experts + 1) * 4 : 0, tape);
        if (tape) taped.push(record);
        if (choices) filled[step]! += this.readChoices(record, chosen[step]!, filled[step]!);
        if (keep) this.copyOut(plan.state, states[step]!, first * channels, rows);
      }
      if (!keep) this.copyOut(plan.state, states[0]!, first * channels, rows);
      records.push(taped);
    }
    const statistics = masks.map((_, step) => this.statistics(sumsAt / 4 + step * (2 * experts + 1)));
    this.tape = tape ? { run, records, statistics } : undefined;
    const lost = statistics.map((all) => lossesOf(all, topK));
    return {
      states,
      choices: chosen,
      balance: Float32Array.from(lost, ({ balance }) => balance),
      z: Float32Array.from(lost, ({ z }) => z),
    };
  }

  backward(cotangents: AutomatonCotangents): AutomatonGradients {
    const { arena, kernels, plan, planAt, shape, widths } = this;
    const { channels, topK, experts } = shape;
    const { run, records, statistics } = this.tape!;
    const { keep = false, losses = false, masks, state } = run;
    const gradient = new Float32Array(state.length);
    const inputs = new Float32Array(state.length);
    const mark = arena.mark();
    const cotangentAt = arena.take(plan.rows * plan.channelBytes);
    const lossesAt = arena.take(masks.length * (experts + 1) * 4);
    for (let step = 0; step < masks.length; step++) {
      arena.floats.set(lossFactors(statistics[step]!, topK, cotangents, step), lossesAt / 4 + step * (experts + 1));
    }
    kernels.transpose(planAt);
    this.clear(plan.routerGradient, routerLength(widths));
    this.clear(plan.expertGradient, experts * expertLength(widths));
    for (const [index, chunk] of this.chunks(run.batch).entries()) {
      const { first, rows } = chunk;
      writePlan(arena, planAt, { ...plan, rows });
      this.clear(plan.stateGradient, rows * widths.channels);
      this.clear(plan.inputsGradient, rows * widths.channels);
      if (!keep) this.copyIn(cotangents.states[0]!, first * channels, plan.stateGradient, rows);
      for (let step = masks.length - 1; step >= 0; step--) {
        if (keep) this.copyIn(cotangents.states[step]!, first * channels, cotangentAt, rows);
        const factors = losses ? lossesAt + step * (experts + 1) * 4 : 0;
        kernels.backward(planAt, records[index]![step]!.address, keep ? cotangentAt : 0, factors);
      }
      this.copyOut(plan.stateGradient, gradient, first * channels, rows);
      this.copyOut(plan.inputsGradient, inputs, first * channels, rows);
    }
    arena.release(mark);
    return { state: gradient, inputs, ...readGradients(shape, widths, arena.floats, plan) };
  }

  private chunks(batch: number): Chunk[] {
    const { cells } = this.shape;
    const strips = chunkStrips(this.shape);
    return Array.from({ length: Math.ceil(batch / strips) }, (_, index) => ({
      first: index * strips * cells,
      rows: Math.min(strips, batch - index * strips) * cells,
    }));
  }

  /** Lets the strips of a chunk take their places. */
  private enter({ state, inputs }: AutomatonRun, { first, rows }: Chunk): void {
    const { arena, plan, planAt, shape, widths } = this;
    writePlan(arena, planAt, { ...plan, rows });
    this.copyIn(state, first * shape.channels, plan.state, rows);
    if (inputs === undefined) this.clear(plan.inputs, rows * widths.channels);
    else this.copyIn(inputs, first * shape.channels, plan.inputs, rows);
    const { floats } = arena;
    const [from, added, view] = [plan.state / 4, plan.inputs / 4, plan.view / 4];
    for (let i = 0; i < rows * widths.channels; i++) floats[view + i] = floats[from + i]! + floats[added + i]!;
  }

  private copyIn(from: Float32Array, fromAt: number, address: number, rows: number): void {
    const { channels } = this.shape;
    copyRows(from, fromAt, channels, this.arena.floats, address / 4, this.widths.channels, rows);
  }

  private copyOut(address: number, to: Float32Array, toAt: number, rows: number): void {
    const { channels } = this.shape;
    copyRows(this.arena.floats, address / 4, this.widths.channels, to, toAt, channels, rows);
  }

  private clear(address: number, length: number): void {
    this.arena.floats.fill(0, address / 4, address / 4 + length);
  }

  private readChoices({ address, chosen, gate }: StepRecord, to: Choices, at: number): number {
    const { words, floats } = this.arena;
    const length = words[address / 4]! * this.shape.topK;
    to.experts.set(words.subarray(chosen / 4, chosen / 4 + length), at);
    to.gates.set(floats.subarray(gate / 4, gate / 4 + length), at);
    return length;
  }

  private statistics(at: number): StepStatistics {
    const { floats } = this.arena;
    const { experts } = this.shape;
    return {
      probability: floats.slice(at, at + experts),
      chosen: floats.slice(at + experts, at + 2 * experts),
      z: floats[at + 2 * experts]!,
    };
  }
}

function countFired(mask: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < mask.length; i++) count += mask[i]!;
  return count;
}

function emptyChoices(mask: Uint8Array, topK: number): Choices {
  const length = countFired(mask) * topK;
  return { experts: new Int32Array(length), gates: new Float32Array(length) };
}
