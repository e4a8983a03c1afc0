/** Shapes, axes or indices that do not fit an operation. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
  /** Operation that refused its inputs. */
  readonly operation: string;
  /** Shapes of the tensors that it received. */
  readonly shapes: readonly (readonly number[])[];

  constructor(operation: string, problem: string, shapes: readonly (readonly number[])[] = []) {
    super(`${operation}: ${problem}`);
    this.operation = operation;
    this.shapes = shapes;
  }
}

/** Element types that do not fit an operation. */
export class DTypeError extends Error {
  override readonly name = "DTypeError";
  /** Operation that refused its inputs. */
  readonly operation: string;

  constructor(operation: string, problem: string) {
    super(`${operation}: ${problem}`);
    this.operation = operation;
  }
}

/** A setting outside its range. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** Operation whose setting it is. */
  readonly operation: string;

  constructor(operation: string, problem: string) {
    super(`${operation}: ${problem}`);
    this.operation = operation;
  }
}

/** A function that cannot be differentiated as asked. */
export class GradientError extends Error {
  override readonly name = "GradientError";
  /** Transformation that refused the function. */
  readonly operation: string;

  constructor(operation: string, problem: string) {
    super(`${operation}: ${problem}`);
    this.operation = operation;
  }
}

/** A step that cannot be recorded and replayed. */
export class CompileError extends Error {
  override readonly name = "CompileError";
  /** Operation that cannot be recorded. */
  readonly operation: string;

  constructor(operation: string, problem: string) {
    super(`${operation}: ${problem}`);
    this.operation = operation;
  }
}

/** A shape as errors print it: `[2, 3]`. */
export const show = (shape: readonly number[]): string => `[${shape.join(", ")}]`;
