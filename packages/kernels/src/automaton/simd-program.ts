import { performAlone } from "../threads/job.ts";
import type { Job } from "../threads/job.ts";
import type { Machine, Slot } from "../threads/execute.ts";
import { newProgram, newVersion } from "../threads/numbers.ts";
import { Script } from "../threads/script.ts";
import type { Team } from "../threads/team.ts";
import { teamFor } from "../threads/threads.ts";
import { edgesLength } from "../edges.ts";
import { SLOTS, isApart, lengthsOf, rollApart, writeStep } from "./apart.ts";
import { expertLength, layOut, layOutStep, routerLength, widthsOf, writePlan } from "./layout.ts";
import type { Plan, StepRecord, Widths } from "./layout.ts";
import { lossFactors, lossesOf, sumOf } from "./losses.ts";
import type { StepStatistics } from "./losses.ts";
import { Arena, FREE_FROM, automatonCalls, automatonReplacement } from "./memory.ts";
import type { AutomatonSimd } from "./memory.ts";
import { countFired, partsOf, workOf } from "./parts.ts";
import type { Chunk } from "./parts.ts";
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
import { readGradients, writeWeights } from "./weights.ts";

const [FORWARD, BACKWARD, TRANSPOSE] = [0, 1, 2];

interface Tape {
  readonly run: AutomatonRun;
  /** Step records of each chunk, part by part. */
  readonly records: readonly (readonly (readonly StepRecord[])[])[];
  readonly statistics: readonly StepStatistics[];
  /** Who holds the records of each part; undefined when the caller holds them all. */
  readonly owners: readonly number[] | undefined;
  readonly team: Team | undefined;
}

/** The automaton in SIMD, bit for bit like `automatonReference`, on as many threads as `threads` says. */
export class SimdProgram implements AutomatonProgram {
  private readonly shape: AutomatonShape;
  private readonly arena: Arena;
  private readonly kernels: AutomatonSimd;
  private machine: Machine;
  /** What has taken the place of some kernels. */
  private instead: WebAssembly.Module | undefined;
  private readonly widths: Widths;
  private readonly plan: Plan;
  private readonly planAt: number;
  /** Turns in which cells fire where their order does not matter. */
  private readonly turns: number;
  /** Record for steps that nobody goes back through. */
  private readonly spare: StepRecord;
  private readonly bottom: number;
  private readonly script = new Script();
  private readonly id: number = newProgram();
  private version = 0;
  private tape: Tape | undefined;
  /** Where the states of roll-outs stand that lend them. */
  private lent = new Float32Array(0);

  constructor(shape: AutomatonShape, kernels: AutomatonSimd) {
    this.shape = shape;
    this.arena = new Arena(kernels.memory);
    this.kernels = kernels;
    this.machine = this.machineWith(undefined);
    this.widths = widthsOf(shape);
    const { plan, address, turns } = layOut(shape, this.arena);
    this.plan = plan;
    this.planAt = address;
    this.turns = turns;
    this.spare = layOutStep(this.arena, plan, plan.rows);
    this.bottom = this.arena.mark();
  }

  load(weights: MixtureWeights): void {
    this.version = newVersion();
    writeWeights(this.shape, this.widths, weights, this.arena.floats, this.plan);
  }

  run(run: AutomatonRun): AutomatonResult {
    this.useReplacement();
    const apart = isApart(this.shape, run) ? this.runApart(run) : undefined;
    if (apart !== undefined) return apart;
    const { arena, plan, planAt, script, shape } = this;
    const { channels, experts, topK } = shape;
    const { masks, keep = false, choices = false, losses = false, tape = false, state, inputs = state } = run;
    const states = this.statesOf(run);
    const chosen: Choices[] = choices ? masks.map((mask) => emptyChoices(mask, topK)) : [];
    const parts = partsOf(shape, run.batch);
    const perStep = 2 * experts + 1;
    const sums = new Float32Array(losses ? parts.length * masks.length * perStep : 0);
    const slots: Slot[] = [state, inputs, sums, ...masks, ...states];
    const statesFrom = 3 + masks.length;
    const choicesFrom = slots.length;
    for (const { experts: asked, gates } of chosen) slots.push(new Float32Array(asked.buffer), gates);
    arena.release(this.bottom);
    const sumsAt = arena.take(masks.length * perStep * 4);
    const maskAt = arena.take(plan.rows);
    const filled = masks.map(() => 0);
    script.clear();
    const spans = parts.map((chunks, part) => {
      const records: StepRecord[][] = [];
      const span = script.span(() => {
        if (losses) script.clearAt(sumsAt, masks.length * perStep);
        for (const chunk of chunks) {
          const { first, rows } = chunk;
          this.enter(run, chunk);
          const taped: StepRecord[] = [];
          for (let step = 0; step < masks.length; step++) {
            const fired = tape || choices ? countFired(masks[step]!, chunk) : 0;
            const record = tape ? layOutStep(arena, plan, fired) : this.spare;
            if (tape) this.put(record.address, 10);
            taped.push(record);
            script.bytes(3 + step, first, rows, maskAt);
            const statistics = losses ? sumsAt + step * perStep * 4 : 0;
            script.call(FORWARD, planAt, record.address, maskAt, statistics, tape ? 1 : 0);
            if (choices) {
              const length = fired * topK;
              this.copyOut(choicesFrom + 2 * step, filled[step]!, record.chosen, length);
              this.copyOut(choicesFrom + 2 * step + 1, filled[step]!, record.gate, length);
              filled[step]! += length;
            }
            if (keep) this.rowsOut(statesFrom + step, first * channels, plan.state, rows);
          }
          if (!keep) this.rowsOut(statesFrom, first * channels, plan.state, rows);
          records.push(taped);
        }
        if (losses) this.copyOut(2, part * masks.length * perStep, sumsAt, masks.length * perStep);
      });
      return { span, records };
    });
    const team = parts.length < 2 || masks.length === 0 ? undefined : teamFor(workOf(this.widths, shape, masks));
    const job = this.job({ parts: spans.map(({ span }) => span), slots, start: NOTHING }, team);
    const owners = team?.perform(job, this.machine);
    if (owners === undefined) performAlone(job, this.machine);
    const statistics = losses
      ? masks.map((_, step) =>
          sumOf(
            parts.map((_part, part) => statisticsAt(sums, (part * masks.length + step) * perStep, experts)),
            experts,
          ),
        )
      : [];
    if (team !== undefined && owners !== undefined) team.holder = this.id;
    const records = spans.map((part) => part.records);
    this.tape = tape ? { run, records, statistics, owners, team } : undefined;
    const lost = statistics.map((all) => lossesOf(all, topK));
    const balance = new Float32Array(masks.length);
    const z = new Float32Array(masks.length);
    for (const [step, each] of lost.entries()) [balance[step], z[step]] = [each.balance, each.z];
    return { states, choices: chosen, balance, z };
  }

  backward(cotangents: AutomatonCotangents): AutomatonGradients {
    const { team, owners } = this.tape!;
    const shared = owners?.some((owner) => owner !== 0) === true;
    // workers that have done something else since, or are gone, have lost their part of the tape
    if (shared && (teamFor(Infinity) !== team || team!.holder !== this.id)) {
      this.run(this.tape!.run);
      return this.backward(cotangents);
    }
    this.useReplacement();
    const { arena, kernels, plan, planAt, script, shape, widths } = this;
    const { channels, topK, experts } = shape;
    const { run, records, statistics } = this.tape!;
    const { keep = false, losses = false, masks, state } = run;
    const parts = partsOf(shape, run.batch);
    const gradient = new Float32Array(state.length);
    const inputs = new Float32Array(state.length);
    const [ofRouter, ofExperts] = [routerLength(widths), experts * expertLength(widths)];
    const length = ofRouter + ofExperts;
    const factors = new Float32Array(losses ? masks.length * (experts + 1) : 0);
    for (const [step, sum] of statistics.entries()) {
      factors.set(lossFactors(sum, topK, cotangents, step), step * (experts + 1));
    }
    const mark = arena.mark();
    const cotangentAt = arena.take(plan.rows * plan.channelBytes);
    const lossesAt = arena.take(factors.byteLength);
    // gradients of the weights: their sum, and those of each part
    const totalAt = arena.take((parts.length + 1) * length * 4) / 4;
    const total = arena.floats.subarray(totalAt, totalAt + length).fill(0);
    const sums = arena.floats.subarray(totalAt + length, totalAt + (parts.length + 1) * length);
    const slots: Slot[] = [gradient, inputs, sums, factors, ...cotangents.states];
    script.clear();
    const start = script.span(() => {
      script.read({ slot: 3, offset: 0, width: factors.length, address: lossesAt / 4, step: factors.length, rows: 1 });
      script.call(TRANSPOSE, planAt);
    });
    const spans = parts.map((chunks, part) =>
      script.span(() => {
        script.clearAt(plan.routerGradient, ofRouter);
        script.clearAt(plan.expertGradient, ofExperts);
        for (const [index, { first, rows }] of chunks.entries()) {
          this.putPlan({ rows });
          script.clearAt(plan.stateGradient, rows * widths.channels);
          script.clearAt(plan.inputsGradient, rows * widths.channels);
          if (!keep) this.rowsIn(4, first * channels, plan.stateGradient, rows);
          for (let step = masks.length - 1; step >= 0; step--) {
            if (keep) this.rowsIn(4 + step, first * channels, cotangentAt, rows);
            const lost = losses ? lossesAt + step * (experts + 1) * 4 : 0;
            script.call(BACKWARD, planAt, records[part]![index]![step]!.address, keep ? cotangentAt : 0, lost);
          }
          this.rowsOut(0, first * channels, plan.stateGradient, rows);
          this.rowsOut(1, first * channels, plan.inputsGradient, rows);
        }
        this.copyOut(2, part * length, plan.routerGradient, ofRouter);
        this.copyOut(2, part * length + ofRouter, plan.expertGradient, ofExperts);
      }),
    );
    const job = this.job({ parts: spans, slots, start, owners }, shared ? team : undefined);
    if (!shared || team!.perform(job, this.machine) === undefined) performAlone(job, this.machine);
    for (let at = 0; at < sums.length; at += length) {
      kernels.addRow(sums.byteOffset + at * 4, total.byteOffset, total.byteLength);
    }
    arena.release(mark);
    const places = { ...plan, routerGradient: 0, expertGradient: ofRouter * 4 };
    return { state: gradient, inputs, ...readGradients(shape, widths, total, places) };
  }

  /** One large lattice whose cells threads share out; undefined when that is not worth it, or there is no room. */
  private runApart(run: AutomatonRun): AutomatonResult | undefined {
    const { arena, plan, planAt, script, shape, spare, widths } = this;
    const steps = run.masks.length;
    const work = workOf(widths, shape, run.masks) / steps;
    const team = work < WORTH * plan.rows ? undefined : teamFor(work);
    if (team === undefined) return undefined;
    arena.release(this.bottom);
    const mask = arena.take(plan.rows);
    const shown = arena.take(plan.rows * plan.channelBytes);
    script.clear();
    const forward = [FORWARD, planAt, spare.address] as const;
    const inputs = run.inputs !== undefined;
    const spans = writeStep(script, plan, (changes) => this.putPlan(changes), { forward, mask, shown, inputs });
    const job = this.job({ ...spans, slots: Array.from({ length: SLOTS }, () => new Float32Array(0)) }, team);
    const own = job.slots.slice(SLOTS) as readonly Float32Array[];
    const lengths = lengthsOf(plan.rows, widths.channels, inputs);
    const more = plan.rows + 4 * script.length + PAGE;
    const rooms = team.reside([...lengths, ...own.map(({ length }) => length)], more);
    if (rooms === undefined) return undefined;
    const there = rooms.splice(lengths.length);
    for (const [index, slot] of there.entries()) slot.set(own[index]!);
    this.tape = undefined;
    const states = rollApart(run, shape.channels, widths.channels, rooms, (slots) => {
      team.perform({ ...job, slots: [...slots, ...there] }, this.machine);
    });
    // workers that held a tape have overwritten it
    team.holder = this.id;
    return { states, choices: [], balance: new Float32Array(steps), z: new Float32Array(steps) };
  }

  /** Sees to it that scripts call what takes the place of kernels now. */
  private useReplacement(): void {
    const instead = automatonReplacement();
    if (instead === this.instead) return;
    this.instead = instead;
    this.machine = this.machineWith(instead);
  }

  private machineWith(instead: WebAssembly.Module | undefined): Machine {
    const { kernels } = this;
    return { memory: kernels.memory, calls: automatonCalls(kernels, instead), pulse: new Int32Array(1) };
  }

  /** A job, with what other threads need to know of this program. */
  private job(work: Pick<Job, "parts" | "slots" | "start" | "owners">, team: Team | undefined): Job {
    const { arena, plan, script, spare, shape, widths, id, version } = this;
    const job = { ...work, script, program: id, version, bytes: arena.mark(), setup: NOTHING, weights: NOTHING };
    if (team === undefined) return job;
    const slots = [...work.slots];
    const copy = (address: number, length: number): void => {
      script.read({ slot: slots.length, offset: 0, width: length, address: address / 4, step: length, rows: 1 });
      slots.push(arena.floats.subarray(address / 4, address / 4 + length));
    };
    const setup = script.span(() => {
      script.clearAt(FREE_FROM, (this.bottom - FREE_FROM) / 4);
      copy(plan.places, plan.rows * plan.neighbourhood);
      copy(plan.reach, plan.rows * 2);
      copy(this.turns, plan.rows);
      copy(plan.edges, edgesLength(shape));
      this.put(spare.address, 10);
    });
    const weights = script.span(() => {
      copy(plan.routerWeight, routerLength(widths));
      copy(plan.expert, shape.experts * expertLength(widths));
    });
    return { ...job, slots, setup, weights };
  }

  /** Arrays for the states of a roll-out, side by side in one memory. */
  private statesOf({ masks, state, keep = false, lend = false }: AutomatonRun): Float32Array[] {
    const count = keep ? masks.length : 1;
    const { length } = state;
    const fits = lend && this.lent.length === count * length;
    const all = fits ? this.lent : new Float32Array(count * length);
    if (lend) this.lent = all;
    return Array.from({ length: count }, (_, row) => all.subarray(row * length, (row + 1) * length));
  }

  /** Lets the strips of a chunk take their places. */
  private enter({ inputs, tape, losses, choices }: AutomatonRun, { first, rows }: Chunk): void {
    const { plan, script, shape, widths } = this;
    const length = rows * widths.channels;
    const ordered = tape === true || losses === true || choices === true || rows < plan.rows;
    this.putPlan({ rows, turns: ordered ? 0 : this.turns });
    this.rowsIn(0, first * shape.channels, plan.state, rows);
    if (inputs === undefined) script.clearAt(plan.inputs, length);
    else this.rowsIn(1, first * shape.channels, plan.inputs, rows);
    script.add(plan.state, plan.inputs, plan.view, length);
  }

  /** The plan, with some fields changed. */
  private putPlan(changes: Partial<Plan>): void {
    const { arena, plan, planAt } = this;
    writePlan(arena, planAt, { ...plan, ...changes });
    this.put(planAt, Object.keys(plan).length);
  }

  /** So many words as they stand here. */
  private put(address: number, words: number): void {
    this.script.set(address, this.arena.words.subarray(address / 4, address / 4 + words));
  }

  private rowsIn(slot: number, offset: number, address: number, rows: number): void {
    const [width, step] = [this.shape.channels, this.widths.channels];
    this.script.read({ slot, offset, width, address: address / 4, step, rows });
  }

  private rowsOut(slot: number, offset: number, address: number, rows: number): void {
    const [width, step] = [this.shape.channels, this.widths.channels];
    this.script.write({ slot, offset, width, address: address / 4, step, rows });
  }

  private copyOut(slot: number, offset: number, address: number, length: number): void {
    this.script.write({ slot, offset, width: length, address: address / 4, step: length, rows: 1 });
  }
}

const NOTHING = { start: 0, end: 0 };

/** Multiplications for each cell of a lattice from which it is worth to carry its state to and fro. */
const WORTH = 2000;

/** More than the table of a job takes, in bytes. */
const PAGE = 65536;

function emptyChoices(mask: Uint8Array, topK: number): Choices {
  const length = countFired(mask, { first: 0, rows: mask.length }) * topK;
  return { experts: new Int32Array(length), gates: new Float32Array(length) };
}

function statisticsAt(sums: Float32Array, at: number, experts: number): StepStatistics {
  return {
    probability: sums.subarray(at, at + experts),
    chosen: sums.subarray(at + experts, at + 2 * experts),
    z: sums[at + 2 * experts]!,
  };
}
