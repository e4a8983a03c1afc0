import { countParameters, key } from "@ganglion/tensor";
import type { Adder } from "../adder/adder.ts";
import type { Recipe } from "../recipes/recipe.ts";
import type { Row } from "../evaluate/row.ts";

/** What a model is for, how it came about, how well it does, and what it cannot do. */
export interface Card {
  readonly model: string;
  /** One sentence. */
  readonly task: string;
  /** Number of parameters. */
  readonly parameters: number;
  /** Longest operand in digits, or none. */
  readonly maxDigits: number | null;
  readonly operations: readonly string[];
  /** Seed of the training. */
  readonly seed: number;
  /** Command that retrains it. */
  readonly command: string;
  /** What it was trained on. */
  readonly data: string;
  /** What it cannot do. */
  readonly limits: readonly string[];
  /** Measured figures; absent until it has been evaluated. */
  readonly figures?: Figures;
}

/** The report of an evaluation. */
export interface Figures {
  readonly model: string;
  /** Command that measures them again. */
  readonly command: string;
  readonly seed: number;
  readonly n: number;
  readonly rows: readonly Row[];
}

/** Completes the facts of a card that follow from the definition. */
export function cardOf(model: Adder, { seed }: Recipe, facts: Pick<Card, "task" | "limits">, figures: string): Card {
  const { config, maxDigits } = model;
  return {
    model: config.name,
    ...facts,
    parameters: countParameters(model.init(key(0))),
    maxDigits: Number.isFinite(maxDigits) ? maxDigits : null,
    operations: config.operations,
    seed,
    command: `ganglion train ${config.name}`,
    data: "Random problems of up to 7 digits, a third of them rich in carries; one problem in eight is held out.",
    ...(figures === "" ? {} : { figures: JSON.parse(figures) as Figures }),
  };
}
