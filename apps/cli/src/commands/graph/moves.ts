import type { ExplainedMove } from "@ganglion/models";

const SHOWN = 4;
const BAR = 20;

/** Every move with its value, and the patterns that spoke loudest for or against it. */
export function moveLines(moves: readonly ExplainedMove[]): string[] {
  return moves.map(({ move, value, path }) => {
    const bar = "#".repeat(Math.round(BAR * value)).padEnd(BAR, ".");
    return `  ${String(move + 1).padStart(2)}  ${value.toFixed(3)}  ${bar}  ${pathText(path)}`.trimEnd();
  });
}

function pathText(path: ExplainedMove["path"]): string {
  return path
    .slice(0, SHOWN)
    .map(
      ({ pattern, weight }) =>
        `${pattern === "bias" ? "bias" : `[${pattern}]`} ${weight < 0 ? "" : "+"}${weight.toFixed(2)}`,
    )
    .join("  ");
}

/** Moves for a report. */
export function moveReport(moves: readonly ExplainedMove[]): unknown[] {
  return moves.map(({ move, value, path }) => ({ move: move + 1, value, path }));
}
