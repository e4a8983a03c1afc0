import type { MeshEdges } from "../mesh/program.ts";

/** An automaton whose cells follow a mixture of experts: a fired cell becomes `tanh(mixture(what it sees))`. */
export interface AutomatonShape {
  /** Cells of one strip. */
  readonly cells: number;
  /** Cells that a cell sees as they are. */
  readonly neighbourhood: number;
  /** Seen cells of each cell `[cells, neighbourhood]`; -1 is a cell of zeros. */
  readonly neighbours: Int32Array;
  /** Weighted sums over other cells, which each cell sees after those. */
  readonly edges?: MeshEdges | undefined;
  /** Length of a cell's state. */
  readonly channels: number;
  /** Hidden neurons of each expert. */
  readonly hidden: number;
  /** Number of experts; a single expert is an ordinary perceptron. */
  readonly experts: number;
  /** Experts asked per fired cell, at most `experts`. */
  readonly topK: number;
}

/** Weights of the rule, or their gradients; `seen` is `(neighbourhood + sums) * channels`. */
export interface MixtureWeights {
  /** `[seen, experts]`. */
  readonly routerWeight: Float32Array;
  /** `[experts]`. */
  readonly routerBias: Float32Array;
  /** `[experts, seen, hidden]`. */
  readonly w1: Float32Array;
  /** `[experts, hidden]`. */
  readonly b1: Float32Array;
  /** `[experts, hidden, channels]`. */
  readonly w2: Float32Array;
  /** `[experts, channels]`. */
  readonly b2: Float32Array;
}

/** A roll-out. */
export interface AutomatonRun {
  /** Number of strips. */
  readonly batch: number;
  /** `[batch, cells, channels]`. */
  readonly state: Float32Array;
  /** Added to the state wherever a cell is seen `[batch, cells, channels]`; default 0. */
  readonly inputs?: Float32Array | undefined;
  /** Who fires, 1 or 0, `[batch * cells]` for every step. */
  readonly masks: readonly Uint8Array[];
  /** Whether to return the state after every step, not only the last; default false. */
  readonly keep?: boolean;
  /**
   * Whether `states` may lie in memory in which the next such roll-out of this program leaves its own; default false. Who
   * repeats roll-outs, and has done with the states of one before the next, saves the memory and the time to make it.
   */
  readonly lend?: boolean;
  /** Whether to return who asked which experts; default false. */
  readonly choices?: boolean;
  /** Whether to compute the balance and z losses; default false. */
  readonly losses?: boolean;
  /** Whether `backward` may follow; default false. */
  readonly tape?: boolean;
}

/** Who asked which experts in one step. */
export interface Choices {
  /** `[fired, topK]`, best first. */
  readonly experts: Int32Array;
  /** `[fired, topK]`, summing to 1 for each cell. */
  readonly gates: Float32Array;
}

/** What a roll-out leaves. */
export interface AutomatonResult {
  /** State after every step, or only after the last, `[batch, cells, channels]` each. */
  readonly states: readonly Float32Array[];
  /** One entry per step; empty unless asked for. */
  readonly choices: readonly Choices[];
  /** Balance loss of each step `[steps]`: 1 when all experts are asked equally; 0 where no cell fired. */
  readonly balance: Float32Array;
  /** Mean squared log-partition of the router in each step `[steps]`; 0 where no cell fired. */
  readonly z: Float32Array;
}

/** Gradients of some loss with respect to what a roll-out left. */
export interface AutomatonCotangents {
  /** One for each of the roll-out's `states`. */
  readonly states: readonly Float32Array[];
  /** `[steps]`; default 0. */
  readonly balance?: Float32Array | undefined;
  /** `[steps]`; default 0. */
  readonly z?: Float32Array | undefined;
}

/** Gradients of that loss with respect to what the roll-out started from. */
export interface AutomatonGradients extends MixtureWeights {
  /** `[batch, cells, channels]`. */
  readonly state: Float32Array;
  /** `[batch, cells, channels]`. */
  readonly inputs: Float32Array;
}

/** Runs one automaton; it holds weights, and what the last taped roll-out left. */
export interface AutomatonProgram {
  /** Takes the weights for the roll-outs to come. */
  load(weights: MixtureWeights): void;
  run(run: AutomatonRun): AutomatonResult;
  /** The way back through the last roll-out, which had a tape. */
  backward(cotangents: AutomatonCotangents): AutomatonGradients;
}

/** What a cell sees, in states. */
export const statesSeen = ({ neighbourhood, edges }: Pick<AutomatonShape, "neighbourhood" | "edges">): number =>
  neighbourhood + (edges?.sums ?? 0);

/** Cells that are worked on at once, so that they stay in the cache: whole strips, at least one. */
export function chunkStrips({ cells }: AutomatonShape): number {
  return Math.max(1, Math.floor(512 / cells));
}
