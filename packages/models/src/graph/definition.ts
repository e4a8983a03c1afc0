import type { NeuronGraph } from "@ganglion/neurons";
import type { GraphCard } from "./card.ts";
import type { GraphRow } from "./row.ts";

/** Where a training stands. */
export interface GraphProgress {
  /** Share that is done, in [0, 1]. */
  readonly done: number;
  /** Facts for the eye. */
  readonly text: string;
}

/** How thoroughly a model is measured. */
export interface GraphEvaluation {
  /** Games against each opponent and on each side. Default 1,000. */
  readonly games?: number;
  /** Sentences in the larger corpora. Default 1,000 and 10,000. */
  readonly sizes?: readonly number[];
  /** Decides what opponents do. Default 1. */
  readonly seed?: number;
}

/** A graph model: how it is trained, measured and looked into. */
export interface GraphDefinition {
  readonly card: GraphCard;
  /** The file that ships, in base64; empty when this build has none. */
  weights(this: void): Promise<string>;
  /**
   * Trains from nothing; the last one carries the file.
   *
   * @param changes settings of the recipe, such as `games=1000`
   * @throws ConfigError for an unknown name, or a value that does not fit
   */
  train(this: void, changes?: readonly string[]): Generator<GraphProgress, Uint8Array>;
  /** Measures the model in a file. */
  evaluate(this: void, file: Uint8Array, options?: GraphEvaluation): Generator<GraphRow>;
  /** The model in a file as a graph of neurons. */
  graph(this: void, file: Uint8Array): NeuronGraph;
}
