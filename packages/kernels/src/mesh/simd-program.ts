import { FREE_FROM } from "../automaton/memory.ts";
import { copyRows } from "../automaton/weights.ts";
import type { Kernel, Machine } from "../threads/execute.ts";
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
  writeWeights,
  zeroed,
} from "./layout.ts";
import type { Plan, Widths } from "./layout.ts";
import { MESH_KERNELS, refit, settle } from "./memory.ts";
import type { Home } from "./memory.ts";
import { partsOf } from "./parts.ts";
import type { MeshGradients, MeshProgram, MeshRun, MeshShape, MeshWeights } from "./program.ts";
import { viewersOf } from "./viewers.ts";
import type { Viewers } from "./viewers.ts";

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
    const step = arena.take(STEP_BYTES);
    const parts = this.layOutParts(rows, false);
    const inputsAt = inputs === undefined ? 0 : this.rowsIn(inputs);
    const first = this.rowsIn(run.state);
    const room = (): number => arena.take(rows * this.widths.channels * 4);
    const shownFirst = inputs === undefined ? first : room();
    if (inputs !== undefined) {
      this.writeStep(step, { state: first, shown: shownFirst, inputs: inputsAt });
      this.perform("show", step, parts);
    }
    // a tape has a place for every state; without one, two take turns
    const places = [{ mask: 0, state: first, shown: shownFirst, next: 0 }];
    for (let index = 1; index <= (tape ? masks.length : Math.min(1, masks.length)); index++) {
      const state = room();
      places.push({ mask: 0, state, shown: inputs === undefined ? state : room(), next: 0 });
    }
    const spareMask = arena.take(rows);
    const states: Float32Array[] = [];
    const steps: Taped[] = [];
    let last = first;
    for (const [index, fired] of masks.entries()) {
      const before = places[index % places.length]!;
      const after = places[(index + 1) % places.length]!;
      const mask = tape ? arena.take(rows) : spareMask;
      arena.bytes.set(fired, mask);
      const shownNext = inputs === undefined ? 0 : after.shown;
      const taped = { mask, state: before.state, shown: before.shown, next: after.state };
      this.writeStep(step, { ...taped, shownNext, inputs: inputsAt });
      this.perform("forward", step, parts);
      if (tape) steps.push(taped);
      last = after.state;
      if (keep) states.push(this.rowsOut(last, rows));
    }
    this.tape = tape ? { run, home: this.home, steps } : undefined;
    return keep ? states : [this.rowsOut(last, rows)];
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
      this.writeStep(step, { ...steps[index]!, gradient, cotangent: more, inputsGradient });
      this.perform("backward", step, parts);
      this.perform("collect", step, parts);
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

  /** Lets all parts do one thing. */
  private perform(name: keyof Home["kernels"], step: number, parts: readonly Part[]): void {
    const { home, team, script } = this;
    const plan = this.plan!.address;
    if (team === undefined || parts.length < 2) {
      const kernel = home.kernels[name];
      for (const { address } of parts) kernel(plan, step, address);
      return;
    }
    script.clear();
    const kernel = MESH_KERNELS.indexOf(name);
    const spans = parts.map(({ address }) => script.span(() => script.call(kernel, plan, step, address)));
    const calls = MESH_KERNELS.map((each) => home.kernels[each] as Kernel);
    const machine: Machine = { memory: home.memory, calls, pulse: new Int32Array(1) };
    const bytes = home.memory.buffer.byteLength;
    const nothing = { setup: NOTHING, weights: NOTHING, start: NOTHING, slots: [] };
    team.perform({ ...nothing, script, parts: spans, program: this.id, version: 1, bytes, common: true }, machine);
  }

  /** About how many multiplications a step takes. */
  private work(masks: readonly Uint8Array[]): number {
    const { seen, hidden, channels } = this.widths;
    const fired = masks[0]?.reduce((sum, fires) => sum + fires, 0) ?? 0;
    return fired * hidden * (seen + channels);
  }

  /** Takes memory for the parts of a step: with gradients of the weights, all 0, for the way back. */
  private layOutParts(rows: number, back: boolean): Part[] {
    const { home, widths } = this;
    const { arena } = home;
    const parts = partsOf(rows);
    const alone = this.team === undefined ? layOutDesk(arena) : undefined;
    return parts.map(({ first, last }) => {
      const desk = alone ?? layOutDesk(arena);
      const address = arena.take((3 + desk.length) * 4);
      const gradients = back ? zeroed(arena, weightsLength(widths)) : 0;
      arena.words.set([first, last, gradients, ...desk], address / 4);
      return { address, gradients };
    });
  }

  private writeStep(address: number, step: Partial<Step>): void {
    const { words } = this.home.arena;
    for (const [field, name] of STEP_FIELDS.entries()) words[address / 4 + field] = step[name] ?? 0;
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

interface Part {
  readonly address: number;
  /** Where its gradients of the weights stand. */
  readonly gradients: number;
}

// The fields of `Step` in assembly/mesh/plan.ts, in their order.
const STEP_FIELDS = [
  "mask",
  "state",
  "shown",
  "next",
  "shownNext",
  "inputs",
  "gradient",
  "cotangent",
  "inputsGradient",
] as const;
type Step = Readonly<Record<(typeof STEP_FIELDS)[number], number>>;
const STEP_BYTES = STEP_FIELDS.length * 4;

const NOTHING = { start: 0, end: 0 };
