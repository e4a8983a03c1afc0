/** How long and against whom a benchmark runs. */
export interface Settings {
  /** `--short`: few rounds, no peers, small sizes. */
  readonly short: boolean;
  /** Turns of each contender. */
  readonly rounds: number;
  /** Length of a turn. */
  readonly milliseconds: number;
}

export const settings: Settings = process.argv.includes("--short")
  ? { short: true, rounds: 7, milliseconds: 20 }
  : { short: false, rounds: 15, milliseconds: 60 };
