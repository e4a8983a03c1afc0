import { lift } from "../create.ts";
import { plan } from "../loops/broadcast.ts";
import { copyRun } from "../loops/copy.ts";
import { broadcastShapes } from "../shape.ts";
import { apply } from "../tape.ts";
import type { Kernel, Primitive } from "../tape.ts";
import type { Operand, Tensor } from "../tensor.ts";
import { sumTo } from "./reduce.ts";
import { requireSameDType } from "./require.ts";

const selection: Primitive<void> = {
  name: "where",
  bind([condition, a, b]) {
    const shape = broadcastShapes("where", broadcastShapes("where", condition!.shape, a!.shape), b!.shape);
    const { length, steps, forEach } = plan(shape, [condition!.shape, a!.shape, b!.shape]);
    const [s, t, u] = steps as [number, number, number];
    const run: Kernel["run"] = ([test, yes, no], out) =>
      forEach((o, p, q, r) => {
        // one test for the whole run
        if (s === 0 && t === 1 && u === 1) {
          if (test![p] !== 0) copyRun(yes!, q, out, o, length);
          else copyRun(no!, r, out, o, length);
          return;
        }
        for (let i = 0; i < length; i++) out[o + i] = test![p + i * s] !== 0 ? yes![q + i * t]! : no![r + i * u]!;
      });
    return { shape, dtype: a!.dtype, run };
  },
  pullback(index, g, [condition, a, b]) {
    if (index === 0) return undefined;
    return index === 1 ? sumTo(where(condition!, g, 0), a!.shape) : sumTo(where(condition!, 0, g), b!.shape);
  },
};

/** `a` where the condition is other than 0, else `b`; all three broadcast. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const branches = [lift("where", a, b), lift("where", b, a)];
  requireSameDType("where", branches);
  return apply(selection, [condition, ...branches], undefined);
}
