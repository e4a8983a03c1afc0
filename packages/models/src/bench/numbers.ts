/** `length` numbers in [-scale, scale) in a disorderly order; `peers/serve.py` computes the same. */
export function numbers(length: number, scale: number, seed: number): Float32Array {
  const place = (index: number): number => (index * 7919 + seed * 104729) % 10007;
  return Float32Array.from({ length }, (_, index) => ((place(index) / 10007) * 2 - 1) * scale);
}
