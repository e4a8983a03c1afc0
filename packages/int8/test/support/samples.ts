import { encode, quantize } from "../../src/index.ts";
import type { Entry } from "../../src/index.ts";

const wave = (size: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.fround(((i * 37) % 101) - 50));

/** Entries of every kind and element type, a scalar, an empty one and scales of both widths. */
export const entries: readonly Entry[] = [
  { name: "experts/w1", kind: "int8", ...quantize(wave(2 * 3 * 4), [2, 3, 4], { axis: [0, 2] }) },
  { name: "experts/b1", kind: "int8", ...quantize(wave(8), [2, 4]) },
  {
    name: "foreign",
    kind: "int8",
    shape: [3],
    axes: [],
    codes: Int8Array.of(-127, 0, 127),
    scales: Float32Array.of(0.1),
  },
  { name: "empty", kind: "int8", ...quantize(new Float32Array(0), [0, 3], { axis: 1 }) },
  { name: "float32", kind: "raw", shape: [2, 2], dtype: "float32", data: Float32Array.of(1, -0, Infinity, 2 ** -149) },
  { name: "float64", kind: "raw", shape: [1], dtype: "float64", data: Float64Array.of(Math.PI) },
  { name: "step", kind: "raw", shape: [], dtype: "int32", data: Int32Array.of(-2_000_000_000) },
  { name: "uint8", kind: "raw", shape: [5], dtype: "uint8", data: Uint8Array.of(0, 1, 127, 128, 255) },
  { name: "Zellzustände 🧠", kind: "raw", shape: [1, 2, 1], dtype: "int8", data: Int8Array.of(-128, 127) },
];

export const metadata = { model: "gary", steps: "24", config: '{"experts":6,"topK":2}' };

/** Sound files from the smallest to an everyday one. */
export function samples(): Uint8Array[] {
  const layer = quantize(wave(96 * 12), [96, 12], { axis: 1 });
  return [
    encode([]),
    encode([{ name: "w", kind: "int8", ...quantize(wave(3), [3]) }]),
    encode(entries, { metadata }),
    encode([{ name: "layer", kind: "int8", ...layer }]),
  ];
}
