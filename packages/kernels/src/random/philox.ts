/**
 * One block of Philox4x32-10: four random words from a counter and a key.
 *
 * @param counter four 32-bit words
 * @param key two 32-bit words
 * @param out receives four words at its start
 * @see Salmon et al. 2011, doi:10.1145/2063384.2063405
 */
export function philox4x32(counter: ArrayLike<number>, key: readonly [number, number], out: Uint32Array): void {
  block(counter[0]!, counter[1]!, counter[2]!, counter[3]!, key[0], key[1], out, 0);
}

/**
 * Words `offset` to `offset + out.length - 1` of the random stream of a key, however the stream is cut.
 *
 * @param key0 first 32-bit word of the key
 * @param key1 second 32-bit word of the key
 * @param offset index of the first word, an integer in [0, 2^53)
 * @param out receives uniformly distributed 32-bit words
 */
export function randomBits(key0: number, key1: number, offset: number, out: Uint32Array): void {
  let index = Math.floor(offset / 4);
  let i = 0;
  const skip = offset - index * 4;
  if (skip > 0) {
    block(index, Math.floor(index / 0x100000000), 0, 0, key0, key1, spare, 0);
    for (let word = skip; word < 4 && i < out.length; word++) out[i++] = spare[word]!;
    index++;
  }
  for (; i + 4 <= out.length; i += 4, index++) block(index, Math.floor(index / 0x100000000), 0, 0, key0, key1, out, i);
  if (i < out.length) {
    block(index, Math.floor(index / 0x100000000), 0, 0, key0, key1, spare, 0);
    for (let word = 0; i < out.length; word++) out[i++] = spare[word]!;
  }
}

const spare = new Uint32Array(4);
const MULTIPLIER0 = 0xd2511f53;
const MULTIPLIER1 = 0xcd9e8d57;

function block(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  key0: number,
  key1: number,
  out: Uint32Array,
  at: number,
): void {
  let a = c0 | 0;
  let b = c1 | 0;
  let c = c2 | 0;
  let d = c3 | 0;
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(a, MULTIPLIER0);
    const low0 = Math.imul(a, MULTIPLIER0);
    const high1 = multiplyHigh(c, MULTIPLIER1);
    const low1 = Math.imul(c, MULTIPLIER1);
    a = high1 ^ b ^ k0;
    b = low1;
    c = high0 ^ d ^ k1;
    d = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[at] = a;
  out[at + 1] = b;
  out[at + 2] = c;
  out[at + 3] = d;
}

/** Upper 32 bits of the unsigned 64-bit product. */
function multiplyHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16);
  const low = (middle & 0xffff) + Math.imul(a0, b1);
  return (Math.imul(a1, b1) + (middle >>> 16) + (low >>> 16)) | 0;
}
