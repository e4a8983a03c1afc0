/** An automaton whose cells all follow one perceptron, on a lattice of any shape. */
export interface MeshShape {
  /** Cells of one lattice. */
  readonly cells: number;
  /** Length of a cell's state. */
  readonly channels: number;
  /** Hidden neurons. */
  readonly hidden: number;
  /** Cells that each cell sees as they are `[cells, copies]`; -1 is a cell of zeros. */
  readonly neighbours: Int32Array;
  readonly copies: number;
  /** Weighted sums over other cells, which each cell sees after those. */
  readonly edges?: MeshEdges | undefined;
  /** Of the hidden neurons. */
  readonly activation: "relu" | "tanh";
  /** A fired cell becomes the tanh of its output, or adds so much of it to its state. */
  readonly update: "tanh" | { readonly scale: number };
}

/** Edges of a graph, cell by cell: those of cell i run from `offsets[i]` to `offsets[i + 1]`. */
export interface MeshEdges {
  /** Sums that a cell sees, one for each weight of an edge. */
  readonly sums: number;
  /** `[cells + 1]`. */
  readonly offsets: Int32Array;
  /** Cell that each edge shows `[edges]`. */
  readonly sources: Int32Array;
  /** `[edges, sums]`. */
  readonly weights: Float32Array;
}

/** Weights of the perceptron, or their gradients; `seen` is `(copies + sums) * channels`. */
export interface MeshWeights {
  /** `[seen, hidden]`. */
  readonly w1: Float32Array;
  /** `[hidden]`. */
  readonly b1: Float32Array;
  /** `[hidden, channels]`. */
  readonly w2: Float32Array;
  /** `[channels]`. */
  readonly b2: Float32Array;
}

/** A roll-out. */
export interface MeshRun {
  /** Number of lattices. */
  readonly batch: number;
  /** `[batch, cells, channels]`. */
  readonly state: Float32Array;
  /** Added to the state wherever a cell is seen `[batch, cells, channels]`; default 0. */
  readonly inputs?: Float32Array | undefined;
  /** Who fires, 1 or 0, `[batch * cells]` for every step. */
  readonly masks: readonly Uint8Array[];
  /** Whether to return the state after every step, not only the last; default false. */
  readonly keep?: boolean;
  /** Whether `backward` may follow; default false. */
  readonly tape?: boolean;
}

/** Gradients of some loss with respect to what a roll-out started from. */
export interface MeshGradients extends MeshWeights {
  /** `[batch, cells, channels]`. */
  readonly state: Float32Array;
  /** `[batch, cells, channels]`; undefined without inputs. */
  readonly inputs: Float32Array | undefined;
}

/** Runs one automaton; it holds weights, and what the last taped roll-out left. */
export interface MeshProgram {
  /** Takes the weights for the roll-outs to come. */
  load(weights: MeshWeights): void;
  /** State after every step with `keep`, else after the last alone, `[batch, cells, channels]` each. */
  run(run: MeshRun): readonly Float32Array[];
  /** The way back through the last roll-out, which had a tape, from the gradient of each state that it returned. */
  backward(cotangents: readonly Float32Array[]): MeshGradients;
}

/** What a cell sees, in states. */
export const partsSeen = ({ copies, edges }: Pick<MeshShape, "copies" | "edges">): number =>
  copies + (edges?.sums ?? 0);
