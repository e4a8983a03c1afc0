/** What a transformer that adds is for, where it comes from, and what it cannot do. */
export interface TransformerCard {
  readonly model: string;
  /** One sentence. */
  readonly task: string;
  /** How it came to its weights. */
  readonly origin: "trained" | "written by hand";
  /** What it is made of. */
  readonly built: string;
  /** Most digits of an operand; the proof may go further. */
  readonly digits: number;
  /** Command that trains it again. */
  readonly command?: string;
  /** Seed of the training, and how many were tried. */
  readonly seed?: string;
  /** What it cannot do, and what helps it. */
  readonly limits: readonly string[];
  readonly sources: readonly string[];
}
