// What src/automaton/workspace.ts writes into memory before a call: the order of the fields is the same there. Every
// `...Bytes` is the length of one row; rows are padded with zeros to a multiple of 8 elements.

@unmanaged
export class Plan {
  /** Cells that a cell sees as they are. */
  neighbourhood: i32;
  channelBytes: usize;
  /** All that a cell sees. */
  seenBytes: usize;
  hiddenBytes: usize;
  /** Scores of the experts. */
  scoreBytes: usize;
  experts: i32;
  /** Experts per fired cell. */
  topK: i32;
  /** First of the cells that are worked on at once; 0 unless threads share out a strip. */
  first: i32;
  /** Where those end; usually they are whole strips. */
  rows: i32;
  /** Address in `view` of everything that each cell sees, [rows, neighbourhood]; outside the strip, the row of zeros after the last. */
  places: usize;
  /** Of what each cell sees, where begins what is within its lattice, and where it ends, in bytes [rows, 2]. */
  reach: usize;
  /** The rows in the order in which they are gone through; 0 for that of their numbers. */
  turns: usize;
  /** Cells of one strip. */
  cells: i32;
  /** Where each cell's edges begin [cells + 1]. */
  edges: usize;
  /** Length of an edge: where the cell that it shows stands in its lattice, in bytes, and its weight in each of the sums. */
  edgeBytes: usize;
  /** What the cells show, state plus inputs [rows + 1, channels]. */
  view: usize;
  /** Where is written what cells that have fired show: in `view`, unless other threads still look at their old states. */
  shown: usize;
  state: usize;
  inputs: usize;
  /** Blocks of rows that are worked on together: what was seen, and hidden neurons. */
  block: usize;
  hidden: usize;
  /** A row of zeros, as long as the longest. */
  zeros: usize;
  routerWeight: usize;
  routerBias: usize;
  /** First expert: w1, b1, w2, b2; the others follow. */
  expert: usize;
  expertBytes: usize;

  // Only for the way back.
  /** Transposed weights: per expert w2 and w1, and last the router's. */
  transposed: usize;
  /** Gradients, laid out like routerWeight with routerBias, and like the experts but for w1, which is transposed. */
  routerGradient: usize;
  expertGradient: usize;
  /** Gradient of the state [rows, channels], and of the inputs. */
  stateGradient: usize;
  inputsGradient: usize;
  /** Gradient of what the cells show [rows + 1, channels], zeros between two steps; of what each fired cell sees, and of its scores. */
  viewGradient: usize;
  seenGradient: usize;
  scoreGradient: usize;
  gateGradient: usize;
  /** Gradient of the sum of the experts' outputs of each fired cell. */
  mixedGradient: usize;
  /**
   * Rows for the choices that are worked on at once, `workBytes` apart, in each of which stand what was seen, the gradients
   * of the output and of the hidden neurons, and the neurons.
   */
  workSeen: usize;
  workOutput: usize;
  workSlope: usize;
  workNeurons: usize;
  workBytes: usize;
  /** Lists of neurons that are on, `listBytes` apart. */
  lists: usize;
  listBytes: usize;
}

/** Where one step of some strips leaves what its way back needs. */
@unmanaged
export class Step {
  /** Fired cells. */
  fired: i32;
  /** Place of each fired cell [fired]. */
  place: usize;
  /** What it saw [fired, seen]. */
  seen: usize;
  /** Scores of the experts [fired, scores]. */
  score: usize;
  /** Chosen experts, best first, and their gates [fired, topK]. */
  chosen: usize;
  gate: usize;
  /** Choices `cell * topK + rank` in the order of their experts [fired * topK]; how many each expert has [experts]. */
  order: usize;
  load: usize;
  /** Hidden neurons of each choice in that order [fired * topK, hidden]. */
  hidden: usize;
  /** Sum of the experts' outputs, and in the end its tanh: the new state of each fired cell [fired, channels]. */
  mixed: usize;
}

/** The fired cell of a choice; for two experts a cell without a division. */
@inline export function cellOf(topK: i32, choice: i32): usize {
  return <usize>(topK === 2 ? choice >> 1 : choice / topK);
}

/**
 * Lists the rows from `first` on whose byte in `mask` is 1.
 *
 * @param turns address of the rows in the order in which they are gone through; 0 for that of their numbers
 */
export function listFired(step: Step, mask: usize, turns: usize, first: i32, rows: i32): void {
  let place = step.place;
  for (let r = first; r < rows; r++) {
    const row = turns === 0 ? r : load<i32>(turns + (<usize>r << 2));
    store<i32>(place, row);
    place += <usize>load<u8>(mask + row) << 2;
  }
  step.fired = <i32>((place - step.place) >> 2);
}
