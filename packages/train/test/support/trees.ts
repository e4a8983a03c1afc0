import { fromData } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { fc } from "@fast-check/vitest";

/** Parameters and gradients of one structure: a record with a matrix and a list of vectors. */
export interface Pair {
  readonly params: Sample;
  readonly grads: Sample;
}

export type Sample = { readonly matrix: Tensor; readonly vectors: readonly Tensor[] };

const values = (length: number, limit: number): fc.Arbitrary<Float32Array> =>
  fc.float32Array({ minLength: length, maxLength: length, min: -limit, max: limit, noNaN: true });

const sample = (rows: number, lengths: readonly number[], limit: number): fc.Arbitrary<Sample> =>
  fc.record({
    matrix: values(rows * 3, limit).map((data) => fromData(data, [rows, 3])),
    vectors: fc.tuple(...lengths.map((length) => values(length, limit).map((data) => fromData(data, [length])))),
  });

/** Trees of float32 tensors, some of them empty, with elements up to `limit`. */
export const pairs = (limit = Math.fround(100)): fc.Arbitrary<Pair> =>
  fc
    .tuple(fc.nat(3), fc.array(fc.nat(4), { maxLength: 3 }))
    .chain(([rows, lengths]) =>
      fc.record({ params: sample(rows, lengths, limit), grads: sample(rows, lengths, limit) }),
    );
