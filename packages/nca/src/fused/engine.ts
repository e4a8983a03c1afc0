/** What a kernel offers: it holds weights, and what the last taped roll-out left. */
interface Program<W, R, S, C, G> {
  load(weights: W): void;
  run(run: R): S;
  backward(cotangents: C): G;
}

/** A program that is made when it is first used, and which knows what it holds. */
export class Engine<W extends object, R extends { readonly tape?: boolean }, S, C, G> {
  private readonly make: () => Program<W, R, S, C, G>;
  private program: Program<W, R, S, C, G> | undefined;
  private loaded: W | undefined;
  private taped: R | undefined;

  constructor(make: () => Program<W, R, S, C, G>) {
    this.make = make;
  }

  run(weights: W, run: R): S {
    this.program ??= this.make();
    this.load(weights);
    this.taped = run.tape === true ? run : undefined;
    return this.program.run(run);
  }

  /** The way back through a roll-out, which is repeated when its tape has been overwritten since. */
  backward(weights: W, run: R, cotangents: C): G {
    if (this.taped !== run) this.run(weights, run);
    this.load(weights);
    return this.program!.backward(cotangents);
  }

  private load(weights: W): void {
    const names = Object.keys(weights) as (keyof W)[];
    // tensors do not change, so the same arrays hold the same weights
    if (names.every((name) => this.loaded?.[name] === weights[name])) return;
    this.program!.load(weights);
    this.loaded = weights;
  }
}
