// What src/mesh/layout.ts writes into memory before a call: the order of the fields is the same there. Every `...Bytes` is
// the length of one row; rows are padded with zeros to a multiple of 4 elements.

@unmanaged
export class Plan {
  /** Cells of one lattice. */
  cells: i32;
  /** Cells that a cell sees as they are. */
  copies: i32;
  channelBytes: usize;
  seenBytes: usize;
  hiddenBytes: usize;
  /** Tiles that are worked on at once, so that they stay in the first-level cache. */
  tiles: i32;
  /** Whether hidden neurons are tanh, not ReLU. */
  smooth: i32;
  /** Whether a fired cell becomes the tanh of its output; otherwise it adds so much of it. */
  overwrites: i32;
  scale: f32;
  /** Where the seen cells stand in their lattice, in bytes [cells, copies]; -1 is a cell of zeros. */
  neighbours: usize;
  /** Where each cell's edges begin [cells + 1]. */
  edges: usize;
  /** Length of an edge: where the cell that it shows stands in its lattice, in bytes, and its weight in each of the sums. */
  edgeBytes: usize;
  /** [seen, hidden], [hidden], [hidden, channels], [channels]. */
  w1: usize;
  b1: usize;
  w2: usize;
  b2: usize;
  /** A row of zeros, as long as the longest. */
  zeros: usize;

  // Only for the way back.
  /** [hidden, seen] and [channels, hidden]. */
  w1Transposed: usize;
  w2Transposed: usize;
  /** Where each cell's viewers begin [cells + 1], which part of whose perception it enters, and with what weight. */
  viewers: usize;
  places: usize;
  factors: usize;
  /** Gradient of what each cell sees [rows, seen]. */
  seenGradient: usize;
}

/** One step of all cells. */
@unmanaged
export class Step {
  /** Who fires, a byte each. */
  mask: usize;
  /** State before the step, what cells show of it, and both after it [rows, channels]; `shownNext` is 0 without inputs. */
  state: usize;
  shown: usize;
  next: usize;
  shownNext: usize;
  inputs: usize;
  /** Gradient of the state after the step, which becomes that of the state before it; more of the former, or 0. */
  gradient: usize;
  cotangent: usize;
  /** Gradient of the inputs; 0 without inputs. */
  inputsGradient: usize;
}

/** Some consecutive cells. */
@unmanaged
export class Part {
  first: i32;
  last: i32;
  /** Gradients of w1, b1, w2 and b2. */
  gradients: usize;
  /**
   * Memory for a thread's own use: fired cells, and lanes of rows that are worked on together: what is seen, hidden neurons,
   * outputs and, on the way back, the gradient of the neurons.
   */
  fired: usize;
  seen: usize;
  hidden: usize;
  output: usize;
  slope: usize;
}

/** Cells whose fired ones are listed at once: they stay in the second-level cache. */
export const GROUP: i32 = 2048;
