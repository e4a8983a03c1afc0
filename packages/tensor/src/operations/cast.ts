import type { DType } from "../dtype.ts";
import { apply } from "../tape.ts";
import type { Primitive } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { requireDType } from "./require.ts";

const casting: Primitive<DType> = {
  name: "cast",
  bind: ([x], dtype) => ({ shape: x!.shape, dtype, run: ([data], out) => out.set(data!) }),
  pullback: (_, g, [x]) => cast(g, x!.dtype),
};

/** The same numbers in another dtype; floats are cut towards zero when they become integers, modulo their range. */
export function cast(x: Tensor, dtype: DType): Tensor {
  requireDType("cast", dtype);
  return x.dtype === dtype ? x : apply(casting, [x], dtype);
}
