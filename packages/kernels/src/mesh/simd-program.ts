import { FREE_FROM } from "../automaton/memory.ts";
import { copyRows } from "../automaton/weights.ts";
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
import type { Home, MESH_KERNELS } from "./memory.ts";
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
  readonly steps: readonly Taped[];
}

/** The automaton in SIMD, bit for bit like `meshReference`. */
export class SimdMeshProgram implements MeshProgram {
  private readonly shape: MeshShape;
  private readonly widths: Widths;
  private readonly home: Home;
  private readonly id: number = ++programs;
  private weights: MeshWeights | undefined;
  private version = 0;
  private plan: Plan | undefined;
  private bottom = 0;
  private viewers: Viewers | undefined;
  private tape: Tape | undefined;

  constructor(shape: MeshShape, home: Home) {
    this.shape = shape;
    this.widths = widthsOf(shape);
    this.home = home;
  }

  load(weights: MeshWeights): void {
    this.weights = weights;
    this.version = ++versions;
  }

  run(run: MeshRun): readonly Float32Array[] {
    const { masks, keep = false, tape = false, inputs } = run;
    const { arena } = this.home;
    this.moveIn();
    const rows = run.batch * this.shape.cells;
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
    this.tape = tape ? { run, steps } : undefined;
    return keep ? states : [this.rowsOut(last, rows)];
  }

  backward(cotangents: readonly Float32Array[]): MeshGradients {
    const { run, steps } = this.tape!;
    const { home, widths, shape } = this;
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
    const more = keep ? arena.take(rows * widths.channels * 4) : 0;
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
  private moveIn(): void {
    const { home, shape } = this;
    const { arena } = home;
    if (home.program !== this.id) {
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
  private perform(kernel: (typeof MESH_KERNELS)[number], step: number, parts: readonly Part[]): void {
    const { kernels } = this.home;
    for (const { address } of parts) kernels[kernel](this.plan!.address, step, address);
  }

  /** Takes memory for the parts of a step: with gradients of the weights, all 0, for the way back. */
  private layOutParts(rows: number, back: boolean): Part[] {
    const { home, widths } = this;
    const { arena } = home;
    const desk = layOutDesk(arena, widths, back);
    return partsOf(rows).map(({ first, last }) => {
      const address = arena.take((3 + desk.length) * 4);
      const gradients = back ? zeroed(arena, weightsLength(widths)) : 0;
      arena.words.set([first, last, gradients, ...desk], address / 4);
      return { address, gradients };
    });
  }

  private writeStep(address: number, step: Partial<Step>): void {
    const fields = STEP_FIELDS.map((name) => step[name] ?? 0);
    this.home.arena.words.set(fields, address / 4);
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

let programs = 0;
let versions = 0;
