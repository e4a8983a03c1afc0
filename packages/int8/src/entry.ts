import type { Quantized } from "./quantize.ts";

/** Element types of a raw entry. */
export type RawDType = "float32" | "float64" | "int32" | "uint8" | "int8";

/** The array that holds the values of a raw entry. */
export type RawData = Float32Array | Float64Array | Int32Array | Uint8Array | Int8Array;

/** A named tensor as codes and scales: `{ name, kind: "int8", ...quantize(values, shape) }`. */
export interface Int8Entry extends Quantized {
  readonly kind: "int8";
  /** 1 to 255 bytes of UTF-8, different from every other name in the file. */
  readonly name: string;
}

/** A named tensor kept bit for bit. */
export interface RawEntry {
  readonly kind: "raw";
  /** 1 to 255 bytes of UTF-8, different from every other name in the file. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: RawDType;
  /** `[...shape]` in row-major order, an array of the type that `dtype` says. */
  readonly data: RawData;
}

/** What a container is made of. */
export type Entry = Int8Entry | RawEntry;

/** Short texts that travel with the tensors, by key; anything richer goes through `JSON.stringify`. */
export type Metadata = Readonly<Record<string, string>>;
