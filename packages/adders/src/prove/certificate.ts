import type { Whole } from "../tokens/tokeniser.ts";

/** What every certificate says; each kind adds what was computed. */
export interface CertificateBase {
  readonly kind: string;
  readonly model: string;
  /** What is claimed, as a sentence. */
  readonly claim: string;
  /** Whether every condition holds. */
  readonly proved: boolean;
  /** Number of conditions that were checked. */
  readonly conditions: number;
  /** Number of conditions that do not hold, or could not be shown to. */
  readonly failing: number;
  /** A pair that the model adds wrongly, found from a failing condition and confirmed by running the model. */
  readonly counterexample?: Counterexample;
}

/** A sum that a model gets wrong. */
export interface Counterexample {
  readonly a: string;
  readonly b: string;
  readonly expected: string;
  readonly answer: string;
}

/** Puts a pair into a certificate if the model really fails on it. */
export function confirm(a: Whole, b: Whole, answer: Whole): Counterexample | undefined {
  const expected = String(BigInt(a) + BigInt(b));
  if (String(answer) === expected) return undefined;
  return { a: String(a), b: String(b), expected, answer: String(answer) };
}
