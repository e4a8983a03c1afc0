/**
 * The candidate that a mistyped word was probably meant to be.
 *
 * @returns the nearest candidate within two insertions, deletions, exchanges or swaps of neighbours; nothing when all are
 *   farther off, or nothing of the word would be left
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= 2 && distance < candidate.length)
    .toSorted((x, y) => x.distance - y.distance);
  return ranked[0]?.candidate;
}

/** ` Did you mean ...?`, or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const candidate = closest(word, candidates);
  return candidate === undefined ? "" : ` Did you mean ${candidate}?`;
}

/** Damerau's distance, neighbours swapped at most once. */
function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const exchange = rows[i - 1]![j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swap =
        i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? rows[i - 2]![j - 2]! + 1 : exchange;
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, exchange, swap));
    }
    rows.push(row);
  }
  return rows[from.length]![to.length]!;
}
