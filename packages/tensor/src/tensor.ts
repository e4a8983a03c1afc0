import type { Data, DType } from "./dtype.ts";
import { CompileError, ShapeError, show } from "./errors.ts";
import { sizeOf } from "./shape.ts";
import type { Shape } from "./shape.ts";
import type { Node } from "./tape.ts";

/** Nested lists of numbers, as `toArray` returns them. */
export type Nested = number | readonly Nested[];

/** Dense, row-major, immutable array of numbers; made by `tensor`, `zeros` and their like. */
export class Tensor {
  /** Lengths of the axes, outermost first. */
  readonly shape: Shape;
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
  /** Elements; absent where another tensor holds them, or where a step is being recorded. @internal */
  readonly values: Data | undefined;
  /** Where the value came from, while a gradient is being taken. @internal */
  readonly node: Node | undefined;
  /** Which of the node's outputs it is. @internal */
  readonly slot: number;
  /** The same value without its node. @internal */
  readonly primal: Tensor | undefined;

  /** @internal */
  constructor(shape: Shape, dtype: DType, values?: Data, node?: Node, slot = 0, primal?: Tensor) {
    this.shape = shape;
    this.dtype = dtype;
    this.size = values?.length ?? sizeOf(shape);
    this.values = values;
    this.node = node;
    this.slot = slot;
    this.primal = primal;
  }

  /**
   * Elements in row-major order. Read only: operations share it.
   *
   * @throws CompileError when read while a step is being compiled
   */
  get data(): Data {
    return this.values ?? this.primal?.data ?? refuseRead(this.shape);
  }

  /**
   * The only element as a number.
   *
   * @throws ShapeError when there is not exactly one
   */
  item(): number {
    if (this.size !== 1) {
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

function refuseRead(shape: Shape): never {
  throw new CompileError(
    "compile",
    `expected a step that reads no values, but it read a tensor of shape ${show(shape)} while being recorded. Decide with where, topK or sort, or pass what was decided as an argument?`,
  );
}

/** A tensor, or a number that takes the other operand's dtype. */
export type Operand = Tensor | number;
