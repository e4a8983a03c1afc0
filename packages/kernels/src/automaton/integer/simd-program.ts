import { performAlone } from "../../threads/job.ts";
import type { Job } from "../../threads/job.ts";
import type { Kernel, Machine, Slot } from "../../threads/execute.ts";
import { newProgram, newVersion } from "../../threads/numbers.ts";
import { Script } from "../../threads/script.ts";
import type { Span } from "../../threads/script.ts";
import type { Team } from "../../threads/team.ts";
import { teamFor } from "../../threads/threads.ts";
import { layOutStep, ROW, ROWS, widthsOf, writeReach } from "../layout.ts";
import type { StepRecord, Widths } from "../layout.ts";
import { AUTOMATON_KERNELS, Arena, FREE_FROM } from "../memory.ts";
import type { AutomatonSimd } from "../memory.ts";
import { partsOf, workOf } from "../parts.ts";
import type { Chunk } from "../parts.ts";
import { chunkStrips } from "../program.ts";
import type { AutomatonShape } from "../program.ts";
import { factorsOf } from "./program.ts";
import type { IntegerChoices, IntegerProgram, IntegerResult, IntegerRun, IntegerWeights } from "./program.ts";

// The fields of `IntegerPlan` in assembly/automaton/integer.ts, in their order.
const FIELDS = [
  "neighbourhood",
  "channelBytes",
  "hiddenBytes",
  "scoreBytes",
  "experts",
  "topK",
  "rows",
  "places",
  "reach",
  "turns",
  "view",
  "known",
  "state",
  "inputs",
  "block",
  "hidden",
  "router",
  "expert",
  "expertBytes",
] as const;
type Plan = Readonly<Record<(typeof FIELDS)[number], number>>;

const [START, FORWARD] = [AUTOMATON_KERNELS.indexOf("integerStart"), AUTOMATON_KERNELS.indexOf("integerForward")];

/** The automaton in integers in SIMD, bit for bit like `integerReference`, on as many threads as `threads` says. */
export class IntegerSimdProgram implements IntegerProgram {
  private readonly shape: AutomatonShape;
  private readonly arena: Arena;
  private readonly widths: Widths;
  private readonly plan: Plan;
  private readonly planAt: number;
  private readonly maskAt: number;
  private readonly step: StepRecord;
  /** Where a step lists the places of the cells that fired. */
  private readonly placesAt: number;
  private readonly bottom: number;
  private readonly machine: Machine;
  private readonly script = new Script();
  private readonly id = newProgram();
  private version = 0;
  private perUnit = 1;

  constructor(shape: AutomatonShape, kernels: AutomatonSimd) {
    this.shape = shape;
    const calls = AUTOMATON_KERNELS.map((name) => kernels[name] as unknown as Kernel);
    this.machine = { memory: kernels.memory, calls, pulse: new Int32Array(1) };
    this.arena = new Arena(kernels.memory);
    this.widths = widthsOf(shape);
    const { arena, widths } = this;
    const { channels, seen, hidden, scores } = widths;
    const { neighbourhood, experts, topK, cells, neighbours } = shape;
    const rows = chunkStrips(shape) * cells;
    const words = (length: number): number => arena.take(length * 4);
    this.planAt = words(FIELDS.length + 2);
    this.maskAt = arena.take(rows);
    const expertBytes = blockLength(seen, hidden) + blockLength(hidden, channels);
    this.plan = {
      neighbourhood,
      channelBytes: channels * 4,
      hiddenBytes: hidden * 4,
      scoreBytes: scores * 4,
      experts,
      topK,
      rows,
      places: words(rows * neighbourhood),
      reach: words(rows * 2),
      turns: words(rows),
      view: arena.take((rows + 1) * channels * 2),
      known: arena.take(rows * seen * 2),
      state: words(rows * channels),
      inputs: words(rows * channels),
      block: arena.take(ROWS * ROW),
      hidden: arena.take(ROWS * ROW),
      router: arena.take(blockLength(seen, scores)),
      expert: arena.take(experts * expertBytes),
      expertBytes,
    };
    const { plan } = this;
    for (let row = 0; row < rows; row++) {
      const cell = row % cells;
      for (let n = 0; n < neighbourhood; n++) {
        const neighbour = neighbours[cell * neighbourhood + n]!;
        const from = neighbour < 0 ? rows : row - cell + neighbour;
        arena.words[plan.places / 4 + row * neighbourhood + n] = plan.view + from * channels * 2;
      }
    }
    writeReach(arena, shape, { ...plan, channelBytes: channels * 2 });
    this.step = layOutStep(arena, { ...plan, seenBytes: seen * 2, hiddenBytes: 0 }, rows);
    this.placesAt = arena.words[this.step.address / 4 + 1]!;
    this.bottom = arena.mark();
  }

  load(weights: IntegerWeights): void {
    this.version = newVersion();
    const { shape, widths, plan } = this;
    const { channels, hidden, experts } = shape;
    const { router, first, second } = weights;
    const factors = factorsOf(shape, weights, second.scales);
    this.perUnit = factors.perUnit;
    const size = this.shape.neighbourhood * channels;
    this.write(plan.router, router.codes, 0, experts, widths.scores, true, factors.router, router.bias, 0);
    for (let e = 0; e < experts; e++) {
      const at = plan.expert + e * plan.expertBytes;
      const { codes } = first;
      this.write(
        at,
        codes,
        e * size * hidden,
        hidden,
        widths.hidden,
        true,
        factors.first,
        factors.firstBias,
        e * hidden,
      );
      const next = at + blockLength(widths.seen, widths.hidden);
      const from = e * hidden * channels;
      this.write(next, second.codes, from, channels, widths.channels, false, factors.second, second.bias, e * channels);
    }
  }

  run(run: IntegerRun): IntegerResult {
    const { plan, planAt, maskAt, step, shape, script } = this;
    const { cells, channels, topK } = shape;
    const { batch, state, inputs = state, masks, keep = false, choices: wanted = false } = run;
    const out = new Float32Array(state.length);
    const states = keep ? masks.map(() => new Float32Array(state.length)) : [];
    const places = batch * cells;
    const parts = partsOf(shape, batch);
    const chunks = parts.flat();
    const slots: Slot[] = [state, inputs, out, new Float32Array(chunks.length * masks.length), ...masks, ...states];
    const statesFrom = 4 + masks.length;
    const choicesFrom = slots.length;
    // of each step who fired, whom they asked, and how much they heed it, chunk by chunk from its first cell on
    for (const length of wanted ? masks.flatMap(() => [places, places * topK, places * topK]) : []) {
      slots.push(new Float32Array(length));
    }
    script.clear();
    let place = 0;
    const spans = parts.map((part) =>
      script.span(() => {
        for (const chunk of part) {
          const { first, rows } = chunk;
          this.enter(run, chunk);
          for (let index = 0; index < masks.length; index++) {
            script.bytes(4 + index, first, rows, maskAt);
            script.call(FORWARD, planAt, step.address, maskAt);
            this.copyOut(3, place++, step.address, 1);
            if (keep) this.rowsOut(statesFrom + index, first * channels, plan.state, rows);
            if (!wanted) continue;
            const slot = choicesFrom + 3 * index;
            this.copyOut(slot, first, this.placesAt, rows);
            this.copyOut(slot + 1, first * topK, step.chosen, rows * topK);
            this.copyOut(slot + 2, first * topK, step.gate, rows * topK);
          }
          this.rowsOut(2, first * channels, plan.state, rows);
        }
      }),
    );
    const team = parts.length < 2 || masks.length === 0 ? undefined : teamFor(workOf(this.widths, shape, masks));
    const job = this.job(spans, slots, team);
    if (team?.perform(job, this.machine) === undefined) performAlone(job, this.machine);
    const counts = new Int32Array((slots[3] as Float32Array).buffer);
    const fired = counts.reduce((sum, count) => sum + count, 0);
    const choices = wanted
      ? masks.map((_, index) => {
          const of = (chunk: number): number => counts[chunk * masks.length + index]!;
          const [who, whom, gates] = slots.slice(choicesFrom + 3 * index) as Float32Array[];
          return choicesOf({ places, topK }, chunks, of, who!, whom!, gates!);
        })
      : [];
    return { state: out, states, fired, choices };
  }

  /** A job, with what other threads need to know of this program. */
  private job(parts: readonly Span[], slots: readonly Slot[], team: Team | undefined): Job {
    const { arena, plan, script, shape, id, version, step, bottom } = this;
    const none = { start: 0, end: 0 };
    const job = { parts, slots, start: none, script, program: id, version, bytes: arena.mark() };
    if (team === undefined) return { ...job, setup: none, weights: none };
    const all = [...slots];
    const copy = (address: number, bytes: number): void => {
      const length = bytes / 4;
      script.read({ slot: all.length, offset: 0, width: length, address: address / 4, step: length, rows: 1 });
      all.push(arena.floats.subarray(address / 4, address / 4 + length));
    };
    const setup = script.span(() => {
      script.clearAt(FREE_FROM, (bottom - FREE_FROM) / 4);
      copy(plan.places, plan.rows * plan.neighbourhood * 4);
      copy(plan.reach, plan.rows * 2 * 4);
      copy(plan.turns, plan.rows * 4);
      this.put(step.address, 10);
    });
    const weights = script.span(() => {
      copy(plan.router, plan.expert - plan.router);
      copy(plan.expert, shape.experts * plan.expertBytes);
    });
    return { ...job, slots: all, setup, weights };
  }

  /** Lets the strips of a chunk take their places. */
  private enter({ inputs, threshold, choices = false }: IntegerRun, { first, rows }: Chunk): void {
    const { arena, plan, planAt, script, shape, widths, perUnit } = this;
    const turns = choices || rows < plan.rows ? 0 : plan.turns;
    const changed = { ...plan, rows, turns };
    const words = FIELDS.map((field) => changed[field]);
    arena.words.set([...words, 0, threshold === undefined ? -1 : Math.round(threshold * perUnit)], planAt / 4);
    arena.floats[planAt / 4 + FIELDS.length] = perUnit;
    this.put(planAt, FIELDS.length + 2);
    const [width, step] = [shape.channels, widths.channels];
    script.read({ slot: 0, offset: first * width, width, address: plan.state / 4, step, rows });
    if (inputs === undefined) script.clearAt(plan.inputs, rows * step);
    else script.read({ slot: 1, offset: first * width, width, address: plan.inputs / 4, step, rows });
    script.call(START, planAt);
  }

  /** So many words as they stand here. */
  private put(address: number, words: number): void {
    this.script.set(address, this.arena.words.subarray(address / 4, address / 4 + words));
  }

  private rowsOut(slot: number, offset: number, address: number, rows: number): void {
    const [width, step] = [this.shape.channels, this.widths.channels];
    this.script.write({ slot, offset, width, address: address / 4, step, rows });
  }

  private copyOut(slot: number, offset: number, address: number, length: number): void {
    this.script.write({ slot, offset, width: length, address: address / 4, step: length, rows: 1 });
  }

  /** A matrix in pairs of rows, then factors, then biases. What a cell sees is padded neighbour by neighbour. */
  private write(
    address: number,
    codes: Int8Array,
    from: number,
    width: number,
    padded: number,
    seen: boolean,
    factors: Float32Array,
    bias: Float32Array,
    column: number,
  ): void {
    const { arena, shape, widths } = this;
    const [length, paddedLength] = seen ? [shape.channels, widths.channels] : [shape.hidden, widths.hidden];
    const parts = seen ? shape.neighbourhood : 1;
    const inner = parts * paddedLength;
    const halves = new Int16Array(arena.words.buffer, address, inner * padded);
    for (let part = 0; part < parts; part++) {
      for (let i = 0; i < length; i++) {
        const k = part * paddedLength + i;
        const row = from + (part * length + i) * width;
        for (let j = 0; j < width; j++) halves[((k >> 1) * padded + j) * 2 + (k & 1)] = codes[row + j]!;
      }
    }
    const at = address / 4 + (inner / 2) * padded;
    arena.floats.set(factors.subarray(column, column + width), at);
    arena.floats.set(bias.subarray(column, column + width), at + padded);
  }
}

/** Puts together what the chunks of a step left: places of cells and experts are whole numbers in float32 arrays. */
function choicesOf(
  { places, topK }: { readonly places: number; readonly topK: number },
  chunks: readonly Chunk[],
  countOf: (chunk: number) => number,
  who: Float32Array,
  whom: Float32Array,
  heed: Float32Array,
): IntegerChoices {
  const counts = chunks.map((_, chunk) => countOf(chunk));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const fired = new Uint8Array(places);
  const experts = new Int32Array(total * topK);
  const gates = new Float32Array(total * topK);
  const [cells, asked] = [new Int32Array(who.buffer), new Int32Array(whom.buffer)];
  let at = 0;
  for (const [chunk, { first }] of chunks.entries()) {
    const count = counts[chunk]!;
    for (let i = 0; i < count; i++) fired[first + cells[first + i]!] = 1;
    experts.set(asked.subarray(first * topK, (first + count) * topK), at);
    gates.set(heed.subarray(first * topK, (first + count) * topK), at);
    at += count * topK;
  }
  return { fired, experts, gates };
}

/** Bytes of a matrix with factors and biases. */
function blockLength(inner: number, width: number): number {
  return (inner / 2 + 2) * width * 4;
}
