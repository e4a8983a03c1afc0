import type { AutomatonShape } from "../program.ts";

/** A matrix of int8 codes `[inner, width]`, or several of them, with a scale and a bias for each column. */
export interface IntegerMatrix {
  readonly codes: Int8Array;
  readonly scales: Float32Array;
  readonly bias: Float32Array;
}

/** Int8 weights of a mixture; `seen` is `neighbourhood * channels`. */
export interface IntegerWeights {
  /** `[seen, experts]`. */
  readonly router: IntegerMatrix;
  /** `[experts, seen, hidden]`. */
  readonly first: IntegerMatrix;
  /** `[experts, hidden, channels]`. */
  readonly second: IntegerMatrix;
  /** Largest size of an input. */
  readonly inputRange: number;
}

/** A roll-out in integers. */
export interface IntegerRun {
  /** Number of strips. */
  readonly batch: number;
  /** `[batch, cells, channels]`, in [-1, 1]; what exceeds the codes is seen as the largest code. */
  readonly state: Float32Array;
  /** `[batch, cells, channels]`; default 0. */
  readonly inputs?: Float32Array | undefined;
  /** Who may fire, 1 or 0, `[batch * cells]` for every step. */
  readonly masks: readonly Uint8Array[];
  /** A cell fires only if something it sees has moved by more than this since it last fired; default: whenever it may. */
  readonly threshold?: number | undefined;
  /** Whether to return the states after every step; default false. */
  readonly keep?: boolean | undefined;
  /** Whether to tell who fired and whom they asked; default false. */
  readonly choices?: boolean | undefined;
}

/** One step of a roll-out in integers. */
export interface IntegerChoices {
  /** Who fired, 1 or 0, `[batch * cells]`. */
  readonly fired: Uint8Array;
  /** Experts of the cells that fired, best first, `[fired, topK]`. */
  readonly experts: Int32Array;
  /** Their gates `[fired, topK]`. */
  readonly gates: Float32Array;
}

/** What a roll-out in integers leaves. */
export interface IntegerResult {
  /** State after the last step `[batch, cells, channels]`. */
  readonly state: Float32Array;
  /** States after each step, where they are kept; otherwise none. */
  readonly states: readonly Float32Array[];
  /** Cell updates that were computed. */
  readonly fired: number;
  /** Of each step, where asked for; otherwise none. */
  readonly choices: readonly IntegerChoices[];
}

/** Runs one automaton in integers; it holds weights. */
export interface IntegerProgram {
  load(weights: IntegerWeights): void;
  run(run: IntegerRun): IntegerResult;
}

/** How numbers become codes of 16 bits, and sums of products numbers again. */
export interface Factors {
  /** Codes per unit of what a cell shows. */
  readonly perUnit: number;
  /** Of the router, `[experts]`. */
  readonly router: Float32Array;
  /** Of the first layers, which give codes `[experts, hidden]`. */
  readonly first: Float32Array;
  readonly firstBias: Float32Array;
  /** Of the second layers `[experts, channels]`. */
  readonly second: Float32Array;
}

/**
 * Chooses the finest codes with which no sum can leave 32 bits.
 *
 * What a cell shows is at most 1 plus the largest input; a hidden neuron at most what its weights can make of that.
 */
export function factorsOf(
  shape: AutomatonShape,
  { router, first, inputRange }: IntegerWeights,
  second: Float32Array,
): Factors {
  const { neighbourhood, channels, hidden, experts } = shape;
  const seen = neighbourhood * channels;

  const perUnit = Math.fround(levels(seen) / (1 + inputRange));
  const hiddenPerUnit = Float32Array.from({ length: experts }, (_, e) => {
    let bound = Number.MIN_VALUE;
    for (let j = 0; j < hidden; j++) {
      let sum = 0;
      for (let i = 0; i < seen; i++) sum += Math.abs(first.codes[(e * seen + i) * hidden + j]!);
      const column = e * hidden + j;
      bound = Math.max(bound, Math.abs(first.bias[column]!) + sum * first.scales[column]! * (1 + inputRange));
    }
    return levels(hidden) / bound;
  });
  return {
    perUnit,
    router: router.scales.map((scale) => scale / perUnit),
    first: first.scales.map((scale, j) => (scale / perUnit) * hiddenPerUnit[Math.floor(j / hidden)]!),
    firstBias: first.bias.map((bias, j) => bias * hiddenPerUnit[Math.floor(j / hidden)]!),
    second: second.map((scale, j) => scale / hiddenPerUnit[Math.floor(j / channels)]!),
  };
}

/** Largest code with which `inner` products with int8 codes stay within 32 bits. */
function levels(inner: number): number {
  return Math.min(32767, Math.floor(2 ** 31 / (127 * inner)) - 1);
}
