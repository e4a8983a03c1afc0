import type { Contender } from "../measure/race.ts";

/** A library and how a user of it writes the work; a work is missing where the library cannot do it. */
export interface Peer {
  readonly name: string;
  /** `[m, k] x [k, n]`, and the first element of the result. */
  matmul?(m: number, n: number, k: number): Contender | Promise<Contender>;
  /** A training step of a perceptron, and the loss before it. */
  mlp?(): Contender | Promise<Contender>;
  /** Loss and gradients of twenty residual updates; `forward` computes the loss only. */
  updates?(): Contender;
  forward?(): Contender | Promise<Contender>;
  /** One step of the ring in a file of `work/cells.ts`, 36 -> 48 -> 12, and the mean size of its first cells. */
  ring?(file: string): Contender | Promise<Contender>;
  /** The same of a graph with two weighted sums, where a cell that fires adds to its state. */
  mesh?(file: string): Contender | Promise<Contender>;
  /** 24 steps of the strips in a file of `work/automaton.ts`, and the mean size of a state. */
  automaton?(file: string): Contender;
  /** A training step of the automaton through 20 steps, of such a file, and the loss before it. */
  training?(file: string): Contender;
  /** Sums of what the synapses in a file of `work/synapses.ts` bring to each neuron, and the sum of all. */
  spread?(file: string): Contender | Promise<Contender>;
  /** The same from the few neurons that are active: only their rows. */
  spreadFew?(file: string): Contender;
  /** One pass over the pairs in a file of `work/pairs.ts`, in their order, and the sum of the first row. */
  pairs?(file: string): Contender;
  /** Ends what it started. */
  close?(): void;
}
