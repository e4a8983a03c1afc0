/** Deterministic numbers in [-1, 1), with a period far beyond any test. */
export function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Every float32 whose bits are a multiple of `stride`: both signs, zeros, subnormals, infinities and NaNs. */
export function everyFloat32(stride: number): Float32Array {
  return new Float32Array(Uint32Array.from({ length: Math.ceil(2 ** 32 / stride) }, (_, i) => i * stride).buffer);
}

/** The bits of `values`, with one pattern for every NaN. */
export function bits(values: Float32Array | Float64Array): Uint32Array {
  const canonical = values.map((x) => (Number.isNaN(x) ? NaN : x));
  const words = new Uint32Array(canonical.buffer);
  const width = values.BYTES_PER_ELEMENT / 4;
  for (let i = 0; i < values.length; i++)
    if (Number.isNaN(values[i]!)) words.fill(0xffffffff, i * width, (i + 1) * width);
  return words;
}

/** FNV-1a of 32-bit words. */
export function fingerprint(words: Uint32Array): string {
  let hash = 0x811c9dc5;
  for (const word of words)
    for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((word >>> shift) & 255), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
