/** A neuron, synapse, name or content that a graph does not have or cannot take. */
export class GraphError extends Error {
  override readonly name = "GraphError";
  /** Operation that refused it. */
  readonly operation: string;

  constructor(operation: string, problem: string) {
    super(`${operation}: ${problem}`);
    this.operation = operation;
  }
}

/** A file that is sound as a container, yet holds no graph or model. */
export class FormatError extends Error {
  override readonly name = "FormatError";
  /** Operation that read it. */
  readonly operation: string;
  /** Part of the file that is wrong. */
  readonly part: string;

  constructor(operation: string, part: string, problem: string) {
    super(`${operation}: ${problem}`);
    this.operation = operation;
    this.part = part;
  }
}
