import fc, { type Arbitrary } from "fast-check";
import { shape as anyShape } from "./shape.ts";

/** What a tensor is made of: row-major `data` with as many elements as `shape` has places. */
export interface TensorLike {
  readonly shape: number[];
  readonly data: Float64Array;
}

/** Which shapes and numbers are drawn. */
export interface TensorLikeOptions {
  /** A fixed shape or an arbitrary of shapes. Default `shape()`. */
  readonly shape?: readonly number[] | Arbitrary<number[]>;
  /** Smallest element. Default -10. */
  readonly min?: number;
  /** Largest element. Default 10. */
  readonly max?: number;
  /** Mixes in the edges of the formats which lie within [min, max], and both bounds. Default false. */
  readonly includeEdges?: boolean;
}

/** Zeros, subnormals, smallest normals, neighbours of 1 and largest numbers of float64 and float32. */
const edges: readonly number[] = [
  0,
  5e-324, // smallest subnormal of float64
  2.225073858507201e-308, // largest subnormal of float64
  2.2250738585072014e-308, // smallest normal of float64
  2 ** -149, // smallest subnormal of float32
  2 ** -126 - 2 ** -149, // largest subnormal of float32
  2 ** -126, // smallest normal of float32
  1 - Number.EPSILON,
  1,
  1 + Number.EPSILON,
  2 ** 24 + 1, // first integer that float32 lacks
  Number.MAX_SAFE_INTEGER,
  2 ** 128 - 2 ** 104, // largest number of float32
  Number.MAX_VALUE,
].flatMap((edge) => [edge, -edge]);

/** Tensors' worth of finite numbers, never NaN; shrinks towards few elements and simple ones. */
export function tensorLike({
  shape = anyShape(),
  min = -10,
  max = 10,
  includeEdges = false,
}: TensorLikeOptions = {}): Arbitrary<TensorLike> {
  const number = fc.double({ min, max, noNaN: true });
  const within = edges.filter((edge) => edge >= min && edge <= max);
  const element = includeEdges
    ? fc.oneof({ arbitrary: number, weight: 3 }, fc.constantFrom(...within, min, max))
    : number;
  const shapes: Arbitrary<number[]> = "generate" in shape ? shape : fc.constant([...shape]);
  return shapes.chain((drawn) => {
    const size = drawn.reduce((product, length) => product * length, 1);
    return fc
      .array(element, { minLength: size, maxLength: size })
      .map((values) => ({ shape: drawn, data: Float64Array.from(values) }));
  });
}
