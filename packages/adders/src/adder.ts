import type { Tokeniser } from "./tokens/tokeniser.ts";
import type { Plan, Weights } from "./transformer.ts";
import type { Tree } from "@ganglion/tensor";

/** Parameters as an author counts them, and every constant that he chose. */
export interface Ledger {
  /** Number of parameters that the author claims. */
  readonly claimed: number;
  /** Parameters as they are stored, before they are tied, turned or multiplied. */
  readonly params: Tree;
  /** Constants that the architecture or the weights contain beside the parameters, such as slopes and scales. */
  readonly constants: readonly number[];
}

/** A transformer that adds: what it reads, what it is made of, and its weights. */
export interface TransformerAdder {
  readonly name: string;
  readonly tokeniser: Tokeniser;
  readonly plan: Plan;
  readonly weights: Weights;
  readonly ledger: Ledger;
}
