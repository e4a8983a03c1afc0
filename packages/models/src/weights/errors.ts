import { didYouMean } from "../digits/didYouMean.ts";

/** A name that no model has. */
export class UnknownModelError extends Error {
  override readonly name = "UnknownModelError";
  /** The name as it came. */
  readonly model: string;

  constructor(model: string, known: readonly string[]) {
    const expected = `${known.slice(0, -1).join(", ")} or ${known.at(-1)}`;
    super(`load: expected a model among ${expected}, received ${JSON.stringify(model)}.${didYouMean(model, known)}`);
    this.model = model;
  }
}

/** Weights that are missing, or that belong to another model. */
export class WeightsError extends Error {
  override readonly name = "WeightsError";
  /** The model they were meant for. */
  readonly model: string;

  constructor(model: string, problem: string) {
    super(`${model}: ${problem}`);
    this.model = model;
  }
}
