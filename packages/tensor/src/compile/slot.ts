import type { Data, DType } from "../dtype.ts";
import { sizeOf } from "../shape.ts";
import type { Shape } from "../shape.ts";
import type { Spec } from "../tape.ts";

/** A tensor of a plan: what it is, and later where its elements lie. */
export interface Slot extends Spec {
  readonly name: string;
  readonly bytes: number;
  /** The slot whose elements it shows from `offset` (in elements) on, when it has none of its own. */
  readonly root: Slot | undefined;
  readonly offset: number;
  /** Constant values, copied in once. */
  readonly constant?: Data;
  /** Bytes from the start of its region; set when the plan is laid out. */
  place: number;
}

const BYTES: Record<DType, number> = { float32: 4, float64: 8, int32: 4, uint8: 1, int8: 1 };

/** Places are multiples of this many bytes, so that every dtype and SIMD loads are aligned. */
const ALIGNMENT = 16;

/** Bytes of so many elements, rounded up to the alignment. */
function bytesOf(dtype: DType, shape: Shape): number {
  return Math.ceil((sizeOf(shape) * BYTES[dtype]) / ALIGNMENT) * ALIGNMENT;
}

export function newSlot(name: string, { shape, dtype }: Spec, constant?: Data): Slot {
  const slot = { name, shape, dtype, bytes: bytesOf(dtype, shape), root: undefined, offset: 0, place: -1 };
  return constant === undefined ? slot : { ...slot, constant };
}

/** A slot that shows part of another one's elements. */
export function aliasOf(of: Slot, name: string, { shape, dtype }: Spec, offset: number): Slot {
  return { name, shape, dtype, bytes: 0, root: rootOf(of), offset: of.offset + offset, place: -1 };
}

export const rootOf = (slot: Slot): Slot => slot.root ?? slot;

/** Offset in bytes of a slot's first element within its root. */
export const byteOffset = ({ dtype, offset }: Slot): number => offset * BYTES[dtype];
