import type { Running } from "./worker.ts";

/** Milliseconds without a sign of life after which workers count as lost. */
const PATIENCE = 20_000;

/** Looks after workers while their caller waits for them. */
export class Watch {
  /** Milliseconds from one look to the next. */
  static readonly PAUSE = 100;
  private readonly workers: readonly Running[];
  private pulse: number | undefined;
  private quiet = 0;

  /** @param workers who run; whether they still do is asked once, so that it can be told later */
  constructor(workers: readonly Running[]) {
    this.workers = workers;
    for (const worker of workers) worker.ended();
  }

  /**
   * To be called when a pause has passed.
   *
   * @param pulse a number that changes while workers work
   * @returns what has happened to them; undefined while there is hope
   */
  look(pulse: number): Error | undefined {
    if (this.workers.some((worker) => worker.ended())) {
      return new Error("threads: a worker ended before its work was done. Repeat the call: others start?");
    }
    this.quiet = pulse === this.pulse ? this.quiet + Watch.PAUSE : 0;
    this.pulse = pulse;
    if (this.quiet < PATIENCE) return undefined;
    return new Error(`threads: expected a sign of life from ${this.workers.length} workers, received none`);
  }
}
