import { cos as cosine, exp, log, sin as sine } from "@ganglion/kernels";
import { add, concat, expandDims, fromData, mul, reshape, slice, sub, take } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";

/** How fast pairs of features turn with the position. */
export interface Rope {
  /** Radians per position of each pair of features. */
  readonly frequencies: readonly number[];
  /** Features 2i and 2i + 1 form a pair; otherwise i and i + half. */
  readonly interleaved: boolean;
}

/** One pair that turns once in `period` positions. */
export function periodic(period: number): Rope {
  return { frequencies: [(2 * Math.PI) / period], interleaved: true };
}

/** Pairs with the frequencies theta^(-2i / features), in radians per position. */
export function geometric(
  theta: number,
  features: number,
  { interleaved = true }: { readonly interleaved?: boolean } = {},
): Rope {
  const frequencies = Array.from({ length: features / 2 }, (_, pair) => exp((-2 * pair * log(theta)) / features));
  return { frequencies, interleaved };
}

/**
 * Turns each pair of features by its position times the pair's frequency.
 *
 * @param x `[..., tokens, features]`
 * @param start position of the first token, from 0
 * @returns the same shape
 * @see Su et al. 2021, arXiv:2104.09864
 */
export function rope(x: Tensor, start: number, { frequencies, interleaved }: Rope): Tensor {
  const [tokens, features] = x.shape.slice(-2) as [number, number];
  const angles = Array.from({ length: tokens * frequencies.length }, (_, at) => {
    const token = Math.floor(at / frequencies.length);
    return (start + token) * frequencies[at % frequencies.length]!;
  });
  const table = (f: (x: number) => number): Tensor => {
    const values = angles.map((angle) => f(angle));
    const data = x.dtype === "float64" ? Float64Array.from(values) : Float32Array.from(values);
    return fromData(data, [tokens, frequencies.length]);
  };
  return turnPairs(x, table(cosine), table(sine), features, interleaved);
}

/** Rotates pairs of features by angles given as cosines and sines, which broadcast. */
export function turnPairs(x: Tensor, c: Tensor, s: Tensor, features: number, interleaved: boolean): Tensor {
  const pairs = features / 2;
  const lead = x.shape.slice(0, -1);
  const every = lead.map(() => null);
  const folded = interleaved ? reshape(x, [...lead, pairs, 2]) : x;
  const first = interleaved ? part(folded, 0, lead) : slice(x, [...every, [0, pairs]]);
  const second = interleaved ? part(folded, 1, lead) : slice(x, [...every, [pairs, features]]);
  const turned = [sub(mul(first, c), mul(second, s)), add(mul(first, s), mul(second, c))];
  if (!interleaved) return concat(turned, -1);
  return reshape(
    concat(
      turned.map((half) => expandDims(half, -1)),
      -1,
    ),
    [...lead, features],
  );
}

function part(folded: Tensor, index: number, lead: readonly number[]): Tensor {
  return reshape(take(folded, fromData(new Int32Array([index]), [1]), -1), [...lead, folded.shape.at(-2)!]);
}

/**
 * Bias of a score: minus the slope times how far the key lies behind the query.
 *
 * @param slopes one per head
 * @param queries position of the first query and number of queries
 * @param keys number of keys, from position 0
 * @returns `[heads, queries, keys]` as float64 numbers in rows
 * @see Press et al. 2022, arXiv:2108.12409
 */
export function alibi(
  slopes: readonly number[],
  { start, queries, keys }: { readonly start: number; readonly queries: number; readonly keys: number },
): Float64Array<ArrayBuffer> {
  const bias = new Float64Array(slopes.length * queries * keys);
  for (const [head, slope] of slopes.entries()) {
    for (let i = 0; i < queries; i++) {
      for (let j = 0; j < keys; j++) bias[(head * queries + i) * keys + j] = -slope * (start + i - j);
    }
  }
  return bias;
}

/**
 * The sinusoid table of the first transformer.
 *
 * @returns `[length, features]` float64: sines at even places, cosines at odd ones
 * @see Vaswani et al. 2017, arXiv:1706.03762
 */
export function sinusoid(length: number, features: number, theta = 10_000): Tensor {
  const data = new Float64Array(length * features);
  for (let position = 0; position < length; position++) {
    for (let feature = 0; feature < features; feature++) {
      const angle = position * exp((-2 * Math.floor(feature / 2) * log(theta)) / features);
      data[position * features + feature] = feature % 2 === 0 ? sine(angle) : cosine(angle);
    }
  }
  return fromData(data, [length, features]);
}
