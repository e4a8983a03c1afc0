import type {
  CarryCertificate,
  ColumnCertificate,
  PlaceCertificate,
  TransformerAdder,
  TransitionCertificate,
} from "@ganglion/adders";
import { didYouMean } from "../digits/didYouMean.ts";
import type { TransformerCard } from "./card.ts";

/** Any certificate. */
export type Certificate = TransitionCertificate | PlaceCertificate | CarryCertificate | ColumnCertificate;

/** What the registry knows of a transformer. */
export interface TransformerDefinition {
  readonly card: TransformerCard;
  /** The adder with its weights; some take operands of other widths than ten digits. */
  adder(this: void, digits?: number): TransformerAdder;
  /** Computes a certificate over all inputs; absent where no proof is known. */
  prove?(this: void): Certificate;
}

const registry: Readonly<Record<string, () => Promise<TransformerDefinition>>> = {
  gpt46: async () => (await import("./gpt46/definition.ts")).definition,
  arc62: async () => (await import("./arc62/definition.ts")).definition,
  qr54: async () => (await import("./qr54/definition.ts")).definition,
  alibi36: async () => (await import("./alibi36/definition.ts")).definition,
  rope10: async () => (await import("./rope10/definition.ts")).definition,
  "tiny9-published": async () => (await import("./tiny9/definitions.ts")).published,
  tiny9: async () => (await import("./tiny9/definitions.ts")).repaired,
  tiny5: async () => (await import("./tiny9/definitions.ts")).strict,
};

/** Names of the transformers that add, the largest first. */
export const transformerNames: readonly string[] = Object.keys(registry);

/** A name that no transformer has. */
export class UnknownTransformerError extends Error {
  override readonly name = "UnknownModelError";

  constructor(operation: string, model: string) {
    const known = `${transformerNames.slice(0, -1).join(", ")} or ${transformerNames.at(-1)}`;
    super(
      `${operation}: expected a model among ${known}, received ${JSON.stringify(model)}.${didYouMean(model, transformerNames)}`,
    );
  }
}

/** Whether a name is that of a transformer. */
export function isTransformer(name: string): boolean {
  return Object.hasOwn(registry, name);
}

/**
 * A transformer with its weights, card and prover; only its own modules are read.
 *
 * @param operation named in the error
 * @throws UnknownTransformerError for any other name
 */
export async function loadTransformer(name: string, operation = "loadTransformer"): Promise<TransformerDefinition> {
  const entry = isTransformer(name) ? registry[name] : undefined;
  if (entry === undefined) throw new UnknownTransformerError(operation, name);
  return entry();
}
