/** Every operation once more, as naively as it can be said: float64, one index at a time. */
import { at, broadcastShapes, build, indicesOf, type NdArray, replaced, sizeOf, wrap } from "./support/array.ts";

/** erf by its all-positive series exp(-x^2) sum (2x^2)^n x / (2n+1)!!, which loses no digits. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Nearest integer, halves to the even neighbour. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : Math.ceil(x);
}

export const unary =
  (f: (x: number) => number) =>
  ([x]: readonly NdArray[]): NdArray => ({ ...x!, data: x!.data.map(f) });

export const binary =
  (f: (a: number, b: number) => number, dtype?: NdArray["dtype"]) =>
  ([a, b]: readonly NdArray[]): NdArray =>
    build(broadcastShapes(a!.shape, b!.shape), (index) => f(at(a!, index), at(b!, index)), dtype ?? a!.dtype);

export function where([condition, a, b]: readonly NdArray[]): NdArray {
  return build(broadcastShapes(condition!.shape, a!.shape, b!.shape), (index) =>
    at(condition!, index) === 0 ? at(b!, index) : at(a!, index),
  );
}

export interface Reduction {
  readonly axis?: number | readonly number[];
  readonly keepAxis?: boolean;
}

export const reduction =
  (f: (values: readonly number[]) => number, dtype?: NdArray["dtype"]) =>
  ([x]: readonly NdArray[], { axis, keepAxis = false }: Reduction): NdArray => {
    const rank = x!.shape.length;
    const all = x!.shape.map((_, each) => each);
    const axes = (axis === undefined ? all : [axis].flat()).map((each) => wrap(each, rank));
    const kept = x!.shape.map((length, each) => (axes.includes(each) ? 1 : length));
    const groups = new Map<string, number[]>();
    for (const index of indicesOf(x!.shape)) {
      const name = index.map((position, each) => (axes.includes(each) ? 0 : position)).join();
      groups.set(name, [...(groups.get(name) ?? []), at(x!, index)]);
    }
    const shape = keepAxis ? kept : kept.filter((_, each) => !axes.includes(each));
    const data = indicesOf(kept).map((index) => f(groups.get(index.join()) ?? []));
    return dtype === undefined ? { shape, data } : { shape, data, dtype };
  };

const add = (a: number, b: number): number => a + b;
export const sum = (values: readonly number[]): number => values.reduce(add, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;
export const variance = (values: readonly number[]): number => mean(values.map((value) => (value - mean(values)) ** 2));
export const logSumExp = (values: readonly number[]): number => {
  const top = Math.max(...values);
  return top + Math.log(sum(values.map((value) => Math.exp(value - top))));
};

/** What a row along `axis` becomes, as a row of the same length. */
export const rowwise =
  (f: (row: readonly number[]) => readonly number[], dtype?: NdArray["dtype"]) =>
  ([x]: readonly NdArray[], { axis = -1 }: { readonly axis?: number }): NdArray => {
    const along = wrap(axis, x!.shape.length);
    const row = (index: readonly number[]): number[] =>
      Array.from({ length: x!.shape[along] as number }, (_, position) => at(x!, replaced(index, along, position)));
    return build(x!.shape, (index) => f(row(index))[index[along] as number] as number, dtype ?? x!.dtype);
  };

export const softmax = (row: readonly number[]): number[] => row.map((value) => Math.exp(value - logSumExp(row)));
export const logSoftmax = (row: readonly number[]): number[] => row.map((value) => value - logSumExp(row));
export const cumsum = (row: readonly number[]): number[] => row.map((_, end) => sum(row.slice(0, end + 1)));
/** Positions in ascending order of value, equal values in order of position. */
export const argsort = (row: readonly number[]): number[] =>
  row.map((_, position) => position).toSorted((i, j) => row[i]! - row[j]! || i - j);
export const sorted = (row: readonly number[]): number[] => argsort(row).map((position) => row[position] as number);

export function topK([x]: readonly NdArray[], { k }: { readonly k: number }): NdArray[] {
  const shape = [...x!.shape.slice(0, -1), k];
  const best = (index: readonly number[]): readonly [number, number] => {
    const row = Array.from({ length: x!.shape.at(-1) as number }, (_, position) =>
      at(x!, [...index.slice(0, -1), position]),
    );
    const position = argsort(row.map((value) => -value))[index.at(-1) as number] as number;
    return [row[position] as number, position];
  };
  return [build(shape, (index) => best(index)[0]), build(shape, (index) => best(index)[1], "int32")];
}

export function matmul([a, b]: readonly NdArray[]): NdArray {
  const inner = a!.shape.at(-1) as number;
  const batch = broadcastShapes(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
  return build([...batch, a!.shape.at(-2) as number, b!.shape.at(-1) as number], (index) => {
    const [row, column] = index.slice(-2) as [number, number];
    const rest = index.slice(0, -2);
    return sum(Array.from({ length: inner }, (_, i) => at2(a!, rest, row, i) * at2(b!, rest, i, column)));
  });
}

/** The value at batch index `rest` (broadcast), row, column, whatever the lengths of the last two axes. */
function at2(x: NdArray, rest: readonly number[], row: number, column: number): number {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const batch = x.shape.slice(0, -2);
  const first = at({ shape: batch, data: Array.from({ length: sizeOf(batch) }, (_, matrix) => matrix) }, rest);
  return x.data[(first * rows + row) * columns + column] as number;
}

export function groupedMatmul([x, weights, sizes]: readonly NdArray[]): NdArray {
  const [groups, inputs, outputs] = weights!.shape as [number, number, number];
  const group: number[] = [];
  for (let g = 0; g < groups; g++) group.push(...Array.from({ length: sizes!.data[g] as number }, () => g));
  return build([x!.shape[0] as number, outputs], ([row, column]) => {
    const g = group[row!];
    if (g === undefined) return 0;
    return sum(
      Array.from(
        { length: inputs },
        (_, i) => x!.data[row! * inputs + i]! * weights!.data[(g * inputs + i) * outputs + column!]!,
      ),
    );
  });
}

export function reshape([x]: readonly NdArray[], { shape }: { readonly shape: readonly number[] }): NdArray {
  const known = sizeOf(shape.filter((length) => length !== -1));
  return { ...x!, shape: shape.map((length) => (length === -1 ? sizeOf(x!.shape) / known : length)) };
}

export function transpose([x]: readonly NdArray[], { axes }: { readonly axes?: readonly number[] }): NdArray {
  const rank = x!.shape.length;
  const last = Array.from({ length: rank }, (_, axis) => axis);
  const order = axes === undefined ? [...last.slice(0, -2), rank - 1, rank - 2] : axes.map((axis) => wrap(axis, rank));
  const shape = order.map((axis) => x!.shape[axis] as number);
  return build(shape, (index) =>
    at(
      x!,
      last.map((axis) => index[order.indexOf(axis)] as number),
    ),
  );
}

export const broadcastTo = ([x]: readonly NdArray[], { shape }: { readonly shape: readonly number[] }): NdArray =>
  build(shape, (index) => at(x!, index));

export function expandDims([x]: readonly NdArray[], { axis }: { readonly axis: number }): NdArray {
  return { ...x!, shape: x!.shape.toSpliced(wrap(axis, x!.shape.length + 1), 0, 1) };
}

export function squeeze([x]: readonly NdArray[], { axis }: { readonly axis?: number | readonly number[] }): NdArray {
  const axes = axis === undefined ? undefined : [axis].flat().map((each) => wrap(each, x!.shape.length));
  return {
    ...x!,
    shape: x!.shape.filter((length, each) => !(axes === undefined ? length === 1 : axes.includes(each))),
  };
}

export function concat(list: readonly NdArray[], { axis = 0 }: { readonly axis?: number }): NdArray {
  const along = wrap(axis, list[0]!.shape.length);
  const owner = list.flatMap((part, which) =>
    Array.from({ length: part.shape[along] as number }, (_, position) => [which, position] as const),
  );
  return build(list[0]!.shape.toSpliced(along, 1, owner.length), (index) => {
    const [which, position] = owner[index[along] as number] as readonly [number, number];
    const part = list[which] as NdArray;
    return at(part, replaced(index, along, position));
  });
}

export function stack(list: readonly NdArray[], { axis = 0 }: { readonly axis?: number }): NdArray {
  const along = wrap(axis, list[0]!.shape.length + 1);
  return build(list[0]!.shape.toSpliced(along, 0, list.length), (index) =>
    at(list[index[along] as number] as NdArray, index.toSpliced(along, 1)),
  );
}

export type Range = readonly [number, number] | readonly [number, number, number] | null;

export function slice([x]: readonly NdArray[], { ranges }: { readonly ranges: readonly Range[] }): NdArray {
  const chosen = x!.shape.map((length, axis) => {
    const range = ranges[axis] ?? null;
    const all = Array.from({ length }, (_, position) => position);
    if (range === null) return all;
    const [start, stop, step = 1] = range;
    return all.slice(start, stop).filter((_, order) => order % step === 0);
  });
  return build(
    chosen.map((positions) => positions.length),
    (index) =>
      at(
        x!,
        index.map((position, axis) => chosen[axis]![position] as number),
      ),
  );
}

export function pad(
  [x]: readonly NdArray[],
  { widths, value = 0 }: { readonly widths: readonly (readonly [number, number])[]; readonly value?: number },
): NdArray {
  const shape = x!.shape.map((length, axis) => length + widths[axis]![0] + widths[axis]![1]);
  return build(shape, (index) => {
    const inside = index.map((position, axis) => position - widths[axis]![0]);
    return inside.every((position, axis) => position >= 0 && position < x!.shape[axis]!) ? at(x!, inside) : value;
  });
}

export function flip([x]: readonly NdArray[], { axis }: { readonly axis: number | readonly number[] }): NdArray {
  const axes = [axis].flat().map((each) => wrap(each, x!.shape.length));
  return build(x!.shape, (index) =>
    at(
      x!,
      index.map((position, each) => (axes.includes(each) ? x!.shape[each]! - 1 - position : position)),
    ),
  );
}

export function take([x, indices]: readonly NdArray[], { axis = 0 }: { readonly axis?: number }): NdArray {
  const along = wrap(axis, x!.shape.length);
  return build(x!.shape.toSpliced(along, 1, ...indices!.shape), (index) => {
    const chosen = at(indices!, index.slice(along, along + indices!.shape.length));
    return at(x!, index.toSpliced(along, indices!.shape.length, chosen));
  });
}

export function gather([x, indices]: readonly NdArray[], { axis = -1 }: { readonly axis?: number }): NdArray {
  const along = wrap(axis, x!.shape.length);
  return build(indices!.shape, (index) => at(x!, replaced(index, along, at(indices!, index))));
}

export const scatterWith =
  (combine: (old: number, row: number) => number) =>
  ([x, indices, rows]: readonly NdArray[]): NdArray =>
    build(x!.shape, (index) =>
      indices!.data.reduce(
        (value, target, row) =>
          target === index[0] ? combine(value, rows!.data[offset(rows!, [row, ...index.slice(1)])] as number) : value,
        x!.data[offset(x!, index)] as number,
      ),
    );

const offset = (x: NdArray, index: readonly number[]): number =>
  x.shape.reduce((total, length, axis) => total * length + (index[axis] as number), 0);

export function segmentSum([x, ids]: readonly NdArray[], { segments }: { readonly segments: number }): NdArray {
  return build([segments, ...x!.shape.slice(1)], ([segment, ...rest]) =>
    sum(ids!.data.map((id, row) => (id === segment ? (x!.data[offset(x!, [row, ...rest])] as number) : 0))),
  );
}

export function oneHot([indices]: readonly NdArray[], { depth }: { readonly depth: number }): NdArray {
  return build([...indices!.shape, depth], (index) => (at(indices!, index.slice(0, -1)) === index.at(-1) ? 1 : 0));
}
