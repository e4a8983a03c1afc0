/**
 * Places that are set in a firing mask, ascending.
 *
 * @param fired `[batch * cells]`, 0 or 1
 */
export function firedRows(fired: Uint8Array): Int32Array {
  const rows = new Int32Array(firedCount(fired));
  let row = 0;
  for (let i = 0; i < fired.length; i++) if (fired[i] !== 0) rows[row++] = i;
  return rows;
}

/**
 * How many cells fire.
 *
 * @param fired `[batch * cells]`, 0 or 1
 */
export function firedCount(fired: Uint8Array): number {
  let count = 0;
  // no branch, which would be foreseen half of the time
  for (let i = 0; i < fired.length; i++) count += fired[i]!;
  return count;
}
