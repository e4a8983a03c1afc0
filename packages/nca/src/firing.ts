/**
 * Places that are set in a firing mask, ascending.
 *
 * @param fired `[batch * cells]`, 0 or 1
 */
export function firedRows(fired: Uint8Array): Int32Array {
  let count = 0;
  for (let i = 0; i < fired.length; i++) if (fired[i] !== 0) count++;
  const rows = new Int32Array(count);
  let row = 0;
  for (let i = 0; i < fired.length; i++) if (fired[i] !== 0) rows[row++] = i;
  return rows;
}
