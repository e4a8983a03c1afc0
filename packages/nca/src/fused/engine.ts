import { type AutomatonCotangents, type AutomatonGradients, automatonProgram } from "@ganglion/kernels";
import type {
  AutomatonProgram,
  AutomatonResult,
  AutomatonRun,
  AutomatonShape,
  MixtureWeights,
} from "@ganglion/kernels";

/** A program that is made when it is first used, and which knows what it holds. */
export class Engine {
  private readonly shape: AutomatonShape;
  private program: AutomatonProgram | undefined;
  private loaded: MixtureWeights | undefined;
  private taped: AutomatonRun | undefined;

  constructor(shape: AutomatonShape) {
    this.shape = shape;
  }

  run(weights: MixtureWeights, run: AutomatonRun): AutomatonResult {
    this.program ??= automatonProgram(this.shape);
    this.load(weights);
    this.taped = run.tape === true ? run : undefined;
    return this.program.run(run);
  }

  /** The way back through a roll-out, which is repeated when its tape has been overwritten since. */
  backward(weights: MixtureWeights, run: AutomatonRun, cotangents: AutomatonCotangents): AutomatonGradients {
    if (this.taped !== run) this.run(weights, run);
    this.load(weights);
    return this.program!.backward(cotangents);
  }

  private load(weights: MixtureWeights): void {
    const names = Object.keys(weights) as (keyof MixtureWeights)[];
    // tensors do not change, so the same arrays hold the same weights
    if (names.every((name) => this.loaded?.[name] === weights[name])) return;
    this.program!.load(weights);
    this.loaded = weights;
  }
}
