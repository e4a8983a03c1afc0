import fc, { type Arbitrary } from "fast-check";

/** Bounds of a shape, all inclusive. */
export interface ShapeOptions {
  /** Fewest axes. Default 0, a scalar. */
  readonly minRank?: number;
  /** Most axes. Default 4. */
  readonly maxRank?: number;
  /** Shortest axis. Default 1; 0 makes empty tensors too. */
  readonly minLength?: number;
  /** Longest axis. Default 5. */
  readonly maxLength?: number;
}

/** Shapes such as `[]`, `[3]` or `[2, 1, 5]`; shrinks to fewer and shorter axes. */
export function shape({ minRank = 0, maxRank = 4, minLength = 1, maxLength = 5 }: ShapeOptions = {}): Arbitrary<
  number[]
> {
  return fc.array(fc.integer({ min: minLength, max: maxLength }), { minLength: minRank, maxLength: maxRank });
}
