/** One measured figure of a graph model. */
export interface GraphRow {
  readonly name: string;
  readonly value: number;
  /** "%" for a share in [0, 1], otherwise what is counted. */
  readonly unit: string;
  /** What it is compared with, or out of how many. */
  readonly beside: string;
}

/** A share of a whole. */
export function shareRow(name: string, part: number, whole: number): GraphRow {
  return {
    name,
    value: part / whole,
    unit: "%",
    beside: `${part.toLocaleString("en")} of ${whole.toLocaleString("en")}`,
  };
}
