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
  const { buffer, byteOffset, length } = fired;
  const whole = byteOffset % 4 === 0 ? length - (length % 4) : 0;
  const words = new Int32Array(buffer, whole > 0 ? byteOffset : 0, whole / 4);
  let count = 0;
  // no branch, which would be foreseen half of the time; the product adds four bytes up in the highest
  for (let i = 0; i < words.length; i++) count += Math.imul(words[i]!, 0x01010101) >>> 24;
  for (let i = whole; i < length; i++) count += fired[i]!;
  return count;
}
