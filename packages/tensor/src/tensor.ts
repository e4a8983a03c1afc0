import type { Data, DType } from "./dtype.ts";
import { ShapeError, show } from "./errors.ts";
import type { Shape } from "./shape.ts";
import type { Node } from "./tape.ts";

/** Nested lists of numbers, as `toArray` returns them. */
export type Nested = number | readonly Nested[];

/** Dense, row-major, immutable array of numbers; made by `tensor`, `zeros` and their like. */
export class Tensor {
  /** Lengths of the axes, outermost first. */
  readonly shape: Shape;
  readonly dtype: DType;
  /** Elements in row-major order. Read only: operations share it. */
  readonly data: Data;
  /** Where the value came from, while a gradient is being taken. @internal */
  readonly node: Node | undefined;
  /** Which of the node's outputs it is. @internal */
  readonly slot: number;
  /** The same value without its node. @internal */
  readonly primal: Tensor | undefined;

  /** @internal */
  constructor(shape: Shape, dtype: DType, data: Data, node?: Node, slot = 0, primal?: Tensor) {
    this.shape = shape;
    this.dtype = dtype;
    this.data = data;
    this.node = node;
    this.slot = slot;
    this.primal = primal;
  }

  /** Number of elements. */
  get size(): number {
    return this.data.length;
  }

  /**
   * The only element as a number.
   *
   * @throws ShapeError when there is not exactly one
   */
  item(): number {
    if (this.data.length !== 1) {
      throw new ShapeError("item", `expected one element, received ${show(this.shape)}. Use toArray()?`, [this.shape]);
    }
    return this.data[0]!;
  }

  /** Elements as nested lists, one level per axis. */
  toArray(): Nested {
    let offset = 0;
    const build = (axis: number): Nested => {
      if (axis === this.shape.length) return this.data[offset++]!;
      return Array.from({ length: this.shape[axis]! }, () => build(axis + 1));
    };
    return build(0);
  }
}

/** A tensor, or a number that takes the other operand's dtype. */
export type Operand = Tensor | number;
