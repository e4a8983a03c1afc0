import type { GraphRow } from "./row.ts";

/** What there is to know about a graph model. */
export interface GraphCard {
  readonly model: string;
  readonly task: string;
  /** By which local rules it learns. */
  readonly learns: string;
  /** What it learns from. */
  readonly data: string;
  readonly seed: number;
  /** Command that retrains it. */
  readonly command: string;
  /** What it cannot do, and what its figures do not show. */
  readonly limits: readonly string[];
  /** Measured figures; absent until it has been evaluated. */
  readonly figures?: GraphFigures;
}

/** The report of an evaluation. */
export interface GraphFigures {
  readonly model: string;
  /** Command that measures them again. */
  readonly command: string;
  readonly rows: readonly GraphRow[];
}

/** Completes a card by the figures that were measured, as JSON; an empty text stands for none. */
export function withFigures(card: Omit<GraphCard, "figures">, figures: string): GraphCard {
  return figures === "" ? card : { ...card, figures: JSON.parse(figures) as GraphFigures };
}
