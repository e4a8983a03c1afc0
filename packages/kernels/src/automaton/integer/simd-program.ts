import { layOutStep, ROW, widthsOf } from "../layout.ts";
import type { StepRecord, Widths } from "../layout.ts";
import { Arena } from "../memory.ts";
import type { AutomatonSimd } from "../memory.ts";
import { chunkStrips } from "../program.ts";
import type { AutomatonShape } from "../program.ts";
import { copyRows } from "../weights.ts";
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

/** The automaton in integers in SIMD, bit for bit like `integerReference`. */
export class IntegerSimdProgram implements IntegerProgram {
  private readonly shape: AutomatonShape;
  private readonly kernels: AutomatonSimd;
  private readonly arena: Arena;
  private readonly widths: Widths;
  private readonly plan: Plan;
  private readonly planAt: number;
  private readonly maskAt: number;
  private readonly step: StepRecord;
  private perUnit = 1;

  constructor(shape: AutomatonShape, kernels: AutomatonSimd) {
    this.shape = shape;
    this.kernels = kernels;
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
      view: arena.take((rows + 1) * channels * 2),
      known: arena.take(rows * seen * 2),
      state: words(rows * channels),
      inputs: words(rows * channels),
      block: arena.take(4 * ROW),
      hidden: arena.take(4 * ROW),
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
    this.step = layOutStep(arena, { ...plan, seenBytes: seen * 2, hiddenBytes: 0 }, rows);
  }

  load(weights: IntegerWeights): void {
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

  run({ batch, state, inputs, masks, threshold, keep = false, choices: wanted = false }: IntegerRun): IntegerResult {
    const { arena, kernels, plan, planAt, maskAt, step, shape, widths } = this;
    const { cells, channels } = shape;
    const out = new Float32Array(state.length);
    const states = keep ? masks.map(() => new Float32Array(state.length)) : [];
    const choices = wanted ? masks.map(() => new ChoicesOfStep(batch * cells)) : [];
    const strips = chunkStrips(shape);
    let fired = 0;
    for (let strip = 0; strip < batch; strip += strips) {
      const first = strip * cells;
      const rows = Math.min(strips, batch - strip) * cells;
      arena.words.set(
        FIELDS.map((field) => (field === "rows" ? rows : plan[field])),
        planAt / 4,
      );
      arena.floats[planAt / 4 + FIELDS.length] = this.perUnit;
      arena.words[planAt / 4 + FIELDS.length + 1] = threshold === undefined ? -1 : Math.round(threshold * this.perUnit);
      copyRows(state, first * channels, channels, arena.floats, plan.state / 4, widths.channels, rows);
      if (inputs === undefined) arena.floats.fill(0, plan.inputs / 4, plan.inputs / 4 + rows * widths.channels);
      else copyRows(inputs, first * channels, channels, arena.floats, plan.inputs / 4, widths.channels, rows);
      kernels.integerStart(planAt);
      for (const [index, mask] of masks.entries()) {
        arena.bytes.set(mask.subarray(first, first + rows), maskAt);
        const here = kernels.integerForward(planAt, step.address, maskAt);
        fired += here;
        if (keep)
          copyRows(arena.floats, plan.state / 4, widths.channels, states[index]!, first * channels, channels, rows);
        if (wanted) choices[index]!.add(arena, step, first, here, shape.topK);
      }
      copyRows(arena.floats, plan.state / 4, widths.channels, out, first * channels, channels, rows);
    }
    return { state: out, states, fired, choices: choices.map((step) => step.all()) };
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

/** Who fired in a step and whom they asked, chunk by chunk. */
class ChoicesOfStep {
  private readonly fired: Uint8Array;
  private readonly experts: number[] = [];
  private readonly gates: number[] = [];

  constructor(places: number) {
    this.fired = new Uint8Array(places);
  }

  /** Takes over what a step of the chunk that begins at `first` left in memory. */
  add({ words, floats }: Arena, step: StepRecord, first: number, fired: number, topK: number): void {
    const place = words[step.address / 4 + 1]! / 4;
    for (let row = 0; row < fired; row++) this.fired[first + words[place + row]!] = 1;
    const [chosen, gate] = [step.chosen / 4, step.gate / 4];
    this.experts.push(...words.subarray(chosen, chosen + fired * topK));
    this.gates.push(...floats.subarray(gate, gate + fired * topK));
  }

  all(): IntegerChoices {
    return { fired: this.fired, experts: Int32Array.from(this.experts), gates: Float32Array.from(this.gates) };
  }
}

/** Bytes of a matrix with factors and biases. */
function blockLength(inner: number, width: number): number {
  return (inner / 2 + 2) * width * 4;
}
