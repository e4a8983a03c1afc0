import { lossFactors } from "./losses.ts";
import { chunkStrips, statesSeen } from "./program.ts";
import { affine, softmaxOfAll } from "./reference.ts";
import type { Firing, ReferenceTape } from "./reference.ts";
import type { AutomatonCotangents, AutomatonGradients, AutomatonShape, MixtureWeights } from "./program.ts";

const f = Math.fround;

/** One choice of a fired cell: the cell's place among the fired ones, and the rank of the expert. */
type Choice = readonly [index: number, rank: number];

/**
 * The way back: chunk after chunk, the last step first, expert after expert, cell after cell. Gradients of weights are summed
 * in each part of the strips, then over the parts.
 */
export function backwardReference(
  shape: AutomatonShape,
  weights: MixtureWeights,
  { run, parts, statistics }: ReferenceTape,
  cotangents: AutomatonCotangents,
): AutomatonGradients {
  const { channels, experts, topK } = shape;
  const { keep = false } = run;
  const size = run.state.length;
  const total: AutomatonGradients = {
    state: keep ? new Float32Array(size) : cotangents.states[0]!.slice(),
    inputs: new Float32Array(size),
    ...zerosLike(weights),
  };
  let here: MixtureWeights;
  const strips = { seen: statesSeen(shape) * channels, width: shape.hidden };
  const transposed = {
    router: flip(weights.routerWeight, 0, strips.seen, experts),
    w1: Array.from({ length: experts }, (_, e) =>
      flip(weights.w1, e * strips.seen * strips.width, strips.seen, strips.width),
    ),
    w2: Array.from({ length: experts }, (_, e) =>
      flip(weights.w2, e * strips.width * channels, strips.width, channels),
    ),
  };
  const zeros = new Float32Array(Math.max(strips.seen, strips.width));
  let first = 0;
  for (const part of parts) {
    here = zerosLike(weights);
    for (const chunk of part) {
      const rows = Math.min(size / channels - first, chunkStrips(shape) * shape.cells);
      for (const { step, firings } of chunk.toReversed()) {
        if (keep) addTo(total.state, first * channels, cotangents.states[step]!, first * channels, rows * channels);
        if (firings.length === 0) continue;
        const factors = run.losses === true ? lossFactors(statistics[step]!, topK, cotangents, step) : undefined;
        throughStep(firings, factors);
      }
      first += rows;
    }
    for (const name of NAMES) addTo(total[name], 0, here[name], 0, here[name].length);
  }
  return total;

  function throughStep(firings: readonly Firing[], factors: Float32Array | undefined): void {
    const mixed = firings.map(({ place, next }) => {
      const at = place * channels;
      const gradient = next.map((s, i) => f(total.state[at + i]! * f(1 - f(s * s))));
      total.state.fill(0, at, at + channels);
      return gradient;
    });
    const seen = firings.map(() => new Float32Array(strips.seen));
    const gates = firings.map(() => new Float32Array(topK));
    for (let expert = 0; expert < experts; expert++) {
      for (const [index, rank] of choicesOf(firings, expert)) throughExpert(expert, rank, index);
    }
    for (const [index, firing] of firings.entries()) throughRouter(firing, gates[index]!, seen[index]!, factors);
    const view = new Float32Array(size);
    for (const [index, { sights }] of firings.entries()) {
      for (const { part, place, weight } of sights) {
        const gradient = seen[index]!.subarray(part * channels, (part + 1) * channels);
        addTo(
          view,
          place * channels,
          gradient.map((value) => f(weight * value)),
          0,
          channels,
        );
      }
    }
    addTo(total.state, 0, view, 0, size);
    addTo(total.inputs, 0, view, 0, size);

    function throughExpert(expert: number, rank: number, index: number): void {
      const firing = firings[index]!;
      const { width } = strips;
      const hidden = firing.hidden[rank]!;
      const output = mixed[index]!;
      const neurons = affine(output, transposed.w2[expert]!, 0, zeros, 0, width);
      const bias = weights.b2.subarray(expert * channels, (expert + 1) * channels);
      gates[index]![rank] = f(dot(hidden, neurons) + dot(bias, output));
      const gate = firing.gates[rank]!;
      const beforeRectifier = neurons.map((value, i) => (hidden[i]! > 0 ? f(gate * value) : 0));
      const weighted = output.map((value) => f(gate * value));
      addTo(here.b1, expert * width, beforeRectifier, 0, width);
      addTo(here.b2, expert * channels, weighted, 0, channels);
      addOuter(here.w1, expert * strips.seen * width, firing.seen, beforeRectifier);
      addOuter(here.w2, expert * width * channels, hidden, weighted);
      const back = affine(beforeRectifier, transposed.w1[expert]!, 0, zeros, 0, strips.seen);
      addTo(seen[index]!, 0, back, 0, strips.seen);
    }
  }

  function throughRouter(
    { seen, scores, chosen, gates }: Firing,
    gateGradient: Float32Array,
    seenGradient: Float32Array,
    factors: Float32Array | undefined,
  ): void {
    const gradient = new Float32Array(experts);
    const mean = gates.reduce((sum, gate, rank) => f(sum + f(gate * gateGradient[rank]!)), 0);
    for (const [rank, expert] of chosen.entries()) {
      gradient[expert] = f(gates[rank]! * f(gateGradient[rank]! - mean));
    }
    if (factors !== undefined) {
      const { probabilities, logPartition } = softmaxOfAll(scores);
      const average = probabilities.reduce((sum, p, e) => f(sum + f(p * factors[e]!)), 0);
      const z = f(factors[experts]! * logPartition);
      for (const [e, p] of probabilities.entries()) {
        gradient[e] = f(gradient[e]! + f(p * f(f(factors[e]! - average) + z)));
      }
    }
    addOuter(here.routerWeight, 0, seen, gradient);
    addTo(here.routerBias, 0, gradient, 0, experts);
    addTo(seenGradient, 0, affine(gradient, transposed.router, 0, zeros, 0, strips.seen), 0, strips.seen);
  }
}

const NAMES = ["routerWeight", "routerBias", "w1", "b1", "w2", "b2"] as const;

function zerosLike(weights: MixtureWeights): MixtureWeights {
  const zeros = NAMES.map((name) => [name, new Float32Array(weights[name].length)]);
  return Object.fromEntries(zeros) as Record<(typeof NAMES)[number], Float32Array>;
}

/** Who asked an expert. */
function choicesOf(firings: readonly Firing[], expert: number): Choice[] {
  return firings.flatMap(({ chosen }, index): Choice[] =>
    chosen.includes(expert) ? [[index, chosen.indexOf(expert)]] : [],
  );
}

/** Transpose of the matrix `[rows, columns]` that starts at `at`. */
function flip(w: Float32Array, at: number, rows: number, columns: number): Float32Array {
  return new Float32Array(rows * columns).map((_, i) => w[at + (i % rows) * columns + Math.floor(i / rows)]!);
}

function addTo(out: Float32Array, at: number, x: Float32Array, from: number, length: number): void {
  for (let i = 0; i < length; i++) out[at + i] = f(out[at + i]! + x[from + i]!);
}

function addOuter(out: Float32Array, at: number, a: Float32Array, b: Float32Array): void {
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) {
      const place = at + i * b.length + j;
      out[place] = f(out[place]! + f(a[i]! * b[j]!));
    }
  }
}

/** Sum of products in four chains, added up in pairs. */
function dot(a: Float32Array, b: Float32Array): number {
  const sums = new Float32Array(4);
  for (let i = 0; i < a.length; i++) sums[i % 4] = f(sums[i % 4]! + f(a[i]! * b[i]!));
  return f(f(sums[0]! + sums[1]!) + f(sums[2]! + sums[3]!));
}
