const SMALLEST = 2 ** -126;
const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * The scale of a channel: its largest magnitude / levels, rounded to 8 significant bits (the upper half of a float32).
 *
 * Eight bits are just enough, even for 127 levels. The rounding moves `largest / scale` by at most 127 * 2^-8 = 0.496 from 127, so the largest
 * value still has code 127 and errs by less than half a scale; and code * scale has at most 7 + 8 = 15 significant bits,
 * so dequantising is exact and quantising its result gives the same scale and codes. A scale takes two bytes in a file.
 *
 * @param largest largest magnitude in the channel, from 0 to the largest float32
 * @param levels largest code, from 1 to 127
 * @returns a normal float32, at least 2^-126: channels of zeros and subnormals have that one
 */
export function scaleOf(largest: number, levels = 127): number {
  float[0] = Math.max(SMALLEST, roundTo8Bits(largest / levels));
  return float[0];
}

/** Whether a float32 scale has at most 8 significant bits, so that its upper 16 bits say it all. */
export function fitsTwoBytes(scale: number): boolean {
  float[0] = scale;
  return (bits[0]! & 0xffff) === 0;
}

/** Veltkamp splitting in float64: exact, to nearest. The factor 2^45 + 1 leaves 53 - 45 bits. */
function roundTo8Bits(x: number): number {
  const c = x * (2 ** 45 + 1);
  return c - (c - x);
}
