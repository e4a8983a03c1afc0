import { FREE_FROM } from "../automaton/memory.ts";
import { countFired } from "../automaton/parts.ts";
import { copyRows } from "../automaton/weights.ts";
import type { Kernel, Machine } from "../threads/execute.ts";
import { edgesLength } from "../edges.ts";
import { newProgram, newVersion } from "../threads/numbers.ts";
import { Script } from "../threads/script.ts";
import type { Team } from "../threads/team.ts";
import { teamFor } from "../threads/threads.ts";
import {
  floats,
  layOut,
  layOutDesk,
  readGradients,
  weightsLength,
  widthsOf,
  writeBackward,
  writePart,
  writeWeights,
  zeroed,
} from "./layout.ts";
import type { Desk, Plan, Widths } from "./layout.ts";
import { MESH_KERNELS, refit, settle } from "./memory.ts";
import type { Home } from "./memory.ts";
import { partsOf } from "./parts.ts";
import type { MeshGradients, MeshProgram, MeshRun, MeshShape, MeshWeights } from "./program.ts";
import { STEP_BYTES, writeStep } from "./step.ts";
import { viewersOf } from "./viewers.ts";
import type { Viewers } from "./viewers.ts";
import { reachOf, wavesOf } from "./waves.ts";
import type { Task } from "./waves.ts";

/** What a step of a roll-out left: addresses of its mask, and of states and what cells showed, before and after. */
interface Taped {
  readonly mask: number;
  readonly state: number;
  readonly shown: number;
  readonly next: number;
}

interface Tape {
  readonly run: MeshRun;
  readonly home: Home;
  readonly steps: readonly Taped[];
}

/** The automaton in SIMD, bit for bit like `meshReference`, on as many threads as `threads` says. */
export class SimdMeshProgram implements MeshProgram {
  private readonly shape: MeshShape;
  private readonly widths: Widths;
  private readonly script = new Script();
  private readonly id: number = newProgram();
  /** Where this program works alone, and where it works now. */
  private own: Home | undefined;
  private home!: Home;
  /** Who helps; undefined while one thread is enough. */
  private team: Team | undefined;
  private weights: MeshWeights | undefined;
  private version = 0;
  private plan: Plan | undefined;
  private bottom = 0;
  private viewers: Viewers | undefined;
  private reach: number | undefined;
  private tape: Tape | undefined;

  constructor(shape: MeshShape) {
    this.shape = shape;
    this.widths = widthsOf(shape);
  }

  load(weights: MeshWeights): void {
    this.weights = weights;
    this.version = newVersion();
  }

  run(run: MeshRun): readonly Float32Array[] {
    const { masks, keep = false, tape = false, inputs } = run;
    const rows = run.batch * this.shape.cells;
    this.moveIn(partsOf(rows).length < 2 ? undefined : teamFor(this.work(masks)));
    const { arena } = this.home;
    const inputsAt = inputs === undefined ? 0 : this.rowsIn(inputs);
    const first = this.rowsIn(run.state);
    const room = (): number => arena.take(rows * this.widths.channels * 4);
    // a tape has a place for every state; without one, two take turns
    const places = [{ state: first, shown: inputs === undefined ? first : room() }];
    for (let index = 1; index <= (tape ? masks.length : Math.min(1, masks.length)); index++) {
      const state = room();
      places.push({ state, shown: inputs === undefined ? state : room() });
    }
    const placeOf = (index: number) => places[index % places.length]!;
    const { steps: together, phases } = this.layOutWaves(run);
    const records = Array.from({ length: together }, () => arena.take(STEP_BYTES));
    const spareMasks = records.map(() => (tape ? 0 : arena.take(rows)));
    if (inputs !== undefined) {
      writeStep(arena, records[0]!, { ...placeOf(0), inputs: inputsAt });
      this.perform("show", callsOf(this.layOutParts(rows, false)), records, 1);
    }
    const states: Float32Array[] = [];
    const steps: Taped[] = [];
    for (let start = 0; start < masks.length; start += together) {
      const end = Math.min(start + together, masks.length);
      for (let index = start; index < end; index++) {
        const mask = tape ? arena.take(rows) : spareMasks[index - start]!;
        arena.bytes.set(masks[index]!, mask);
        const { state, shown } = placeOf(index);
        const { state: next, shown: shownAfter } = placeOf(index + 1);
        const shownNext = inputs === undefined ? 0 : shownAfter;
        writeStep(arena, records[index - start]!, { mask, state, shown, next, shownNext, inputs: inputsAt });
        if (tape) steps.push({ mask, state, shown, next });
      }
      for (const calls of phases) this.perform("forward", calls, records, end - start);
      if (!keep) continue;
      for (let index = start; index < end; index++) states.push(this.rowsOut(placeOf(index + 1).state, rows));
    }
    this.tape = tape ? { run, home: this.home, steps } : undefined;
    return keep ? states : [this.rowsOut(placeOf(masks.length).state, rows)];
  }

  backward(cotangents: readonly Float32Array[]): MeshGradients {
    if (this.tape!.home.program !== this.id) {
      // another program has moved in and overwritten the tape
      this.run(this.tape!.run);
    }
    const { run, home, steps } = this.tape!;
    const { widths, shape } = this;
    const team = teamFor(Infinity);
    this.home = home;
    refit(home);
    this.team = team?.home === home ? team : undefined;
    const { arena } = home;
    const { keep = false, inputs } = run;
    const rows = run.batch * shape.cells;
    const mark = arena.mark();
    const length = weightsLength(widths);
    const parts = this.layOutParts(rows, true);
    const calls = callsOf(parts);
    const step = arena.take(STEP_BYTES);
    this.viewers ??= viewersOf(shape);
    const { offsets, places, factors } = this.viewers;
    const seenGradient = arena.take(rows * widths.seen * 4);
    const viewersAt = [this.wordsIn(offsets), this.wordsIn(places), floats(arena, factors)] as const;
    writeBackward(arena, this.plan!, [...viewersAt, seenGradient]);
    const gradient = keep ? zeroed(arena, rows * widths.channels) : this.rowsIn(cotangents[0]!);
    const inputsGradient = inputs === undefined ? 0 : zeroed(arena, rows * widths.channels);
    const more = keep ? zeroed(arena, rows * widths.channels) : 0;
    for (let index = steps.length - 1; index >= 0; index--) {
      if (keep) this.rowsIn(cotangents[index]!, more);
      writeStep(arena, step, { ...steps[index]!, gradient, cotangent: more, inputsGradient });
      this.perform("backward", calls, [step], 1);
      this.perform("collect", calls, [step], 1);
    }
    const total = new Float32Array(length);
    for (const { gradients } of parts) {
      const sums = arena.floats.subarray(gradients / 4, gradients / 4 + length);
      for (let i = 0; i < length; i++) total[i] = total[i]! + sums[i]!;
    }
    const result = {
      state: this.rowsOut(gradient, rows),
      inputs: inputs === undefined ? undefined : this.rowsOut(inputsGradient, rows),
      ...readGradients(shape, total),
    };
    arena.release(mark);
    return result;
  }

  /** Lets lattice and weights stand where the kernels work, and nothing above them. */
  private moveIn(team: Team | undefined): void {
    this.team = team;
    this.home = team?.home ?? (this.own ??= settle()!);
    const { home, shape } = this;
    const { arena } = home;
    refit(home);
    if (home.program !== this.id) {
      // places are the same in every home
      arena.release(FREE_FROM);
      this.plan = layOut(shape, arena);
      this.bottom = arena.mark();
      home.program = this.id;
      home.version = 0;
    }
    arena.release(this.bottom);
    if (home.version === this.version) return;
    writeWeights(shape, this.weights!, arena, this.plan!);
    home.version = this.version;
  }

  /**
   * Makes lists of calls, each in its order; threads share the lists out.
   *
   * @param steps addresses of the steps
   * @param count how many of them are taken: calls for others are left out
   */
  private perform(name: keyof Home["kernels"], lists: Lists, steps: readonly number[], count: number): void {
    const { home, team, script } = this;
    const plan = this.plan!.address;
    if (team === undefined || lists.length < 2) {
      const kernel = home.kernels[name];
      for (const calls of lists) {
        for (const { step, part } of calls) if (step < count) kernel(plan, steps[step]!, part);
      }
      return;
    }
    script.clear();
    const kernel = MESH_KERNELS.indexOf(name);
    const spans = lists.map((calls) =>
      script.span(() => {
        for (const { step, part } of calls) if (step < count) script.call(kernel, plan, steps[step], part);
      }),
    );
    const calls = MESH_KERNELS.map((each) => home.kernels[each] as Kernel);
    const machine: Machine = { memory: home.memory, calls, pulse: new Int32Array(1) };
    const bytes = home.memory.buffer.byteLength;
    const nothing = { setup: NOTHING, weights: NOTHING, start: NOTHING, slots: [] };
    team.perform({ ...nothing, script, parts: spans, program: this.id, version: 1, bytes, common: true }, machine);
  }

  /** About how many multiplications a step takes. */
  private work(masks: readonly Uint8Array[]): number {
    const { seen, hidden, channels } = this.widths;
    const [mask = new Uint8Array(0)] = masks;
    return countFired(mask, { first: 0, rows: mask.length }) * hidden * (seen + channels);
  }

  /** Takes memory for the steps of a roll-out that are taken together, in the order in which they are done. */
  private layOutWaves({ batch, masks, inputs, keep = false, tape = false }: MeshRun): {
    readonly steps: number;
    readonly phases: readonly Lists[];
  } {
    const { shape, home, widths } = this;
    const { cells, copies } = shape;
    const { steps, phases } = wavesOf({
      rows: batch * cells,
      reach: batch === 1 ? (this.reach ??= reachOf(shape)) : undefined,
      bytes: 4 * (widths.channels * (inputs === undefined ? 2 : 5) + copies + edgesLength(shape) / cells),
      // states that are wanted one by one are taken out one by one, unless a tape keeps them
      steps: keep && !tape ? 1 : masks.length,
    });
    const desks = this.layOutDesks(phases[0]!.length);
    const layOutTasks = (tasks: readonly Task[], list: number): Lists[number] =>
      tasks.map(({ step, ...span }) => ({ step, part: writePart(home.arena, span, 0, desks[list]!) }));
    return { steps, phases: phases.map((lists) => lists.map(layOutTasks)) };
  }

  /** Takes memory for the parts of a step: with gradients of the weights, all 0, for the way back. */
  private layOutParts(rows: number, back: boolean): Part[] {
    const { home, widths } = this;
    const parts = partsOf(rows);
    const desks = this.layOutDesks(parts.length);
    return parts.map((span, part) => {
      const gradients = back ? zeroed(home.arena, weightsLength(widths)) : 0;
      return { address: writePart(home.arena, span, gradients, desks[part]!), gradients };
    });
  }

  /** Takes memory for so many lists of calls: the same for all on one thread. */
  private layOutDesks(lists: number): Desk[] {
    const { arena } = this.home;
    const alone = this.team === undefined ? layOutDesk(arena) : undefined;
    return Array.from({ length: lists }, () => alone ?? layOutDesk(arena));
  }

  private wordsIn(values: Int32Array): number {
    const at = this.home.arena.take(values.byteLength);
    this.home.arena.words.set(values, at / 4);
    return at;
  }

  /** Copies states in, to new room unless told where. */
  private rowsIn(values: Float32Array, to?: number): number {
    const { arena } = this.home;
    const [width, wide] = [this.shape.channels, this.widths.channels];
    const rows = values.length / width;
    const at = to ?? (width === wide ? arena.take(rows * wide * 4) : zeroed(arena, rows * wide));
    copyRows(values, 0, width, arena.floats, at / 4, wide, rows);
    return at;
  }

  private rowsOut(at: number, rows: number): Float32Array {
    const [width, wide] = [this.shape.channels, this.widths.channels];
    const values = new Float32Array(rows * width);
    copyRows(this.home.arena.floats, at / 4, wide, values, 0, width, rows);
    return values;
  }
}

/** Lists of calls of a kernel: index of the step, and address of the part. */
type Lists = readonly (readonly { readonly step: number; readonly part: number }[])[];

/** One step of each part. */
const callsOf = (parts: readonly Part[]): Lists => parts.map(({ address }) => [{ step: 0, part: address }]);

interface Part {
  readonly address: number;
  /** Where its gradients of the weights stand. */
  readonly gradients: number;
}

const NOTHING = { start: 0, end: 0 };
