import { isDType } from "../dtype.ts";
import type { DType } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import { apply } from "../tape.ts";
import type { Primitive } from "../tape.ts";
import type { Tensor } from "../tensor.ts";

const casting: Primitive<DType> = {
  name: "cast",
  bind: ([x], dtype) => ({ shape: x!.shape, dtype, run: ([data], out) => out.set(data!) }),
  pullback: (_, g, [x]) => cast(g, x!.dtype),
};

/** The same numbers in another dtype; floats are cut towards zero when they become integers, modulo their range. */
export function cast(x: Tensor, dtype: DType): Tensor {
  if (!isDType(dtype)) {
    throw new DTypeError("cast", `expected float32, float64, int32, uint8 or int8, received ${String(dtype)}`);
  }
  return x.dtype === dtype ? x : apply(casting, [x], dtype);
}
