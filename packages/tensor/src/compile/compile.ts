import { customGradient, vjp } from "../gradient.ts";
import { currentRecorder, resolve } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import type { Tree } from "../tree.ts";
import { takeApart } from "./call.ts";
import type { Argument, Call } from "./call.ts";
import type { Explanation } from "./explain.ts";
import { recordGradient } from "./gradient-plan.ts";
import type { GradientPlan } from "./gradient-plan.ts";
import { recordPlan } from "./plan.ts";
import type { Plan } from "./plan.ts";

/** A step that is recorded once for each combination of shapes, and replayed afterwards. */
export interface Compiled<Arguments extends readonly Argument[], Result extends Tree> {
  (...inputs: Arguments): Result;
  /** The plan for arguments of these shapes, to be printed. */
  explain(...inputs: Arguments): Explanation;
}

/**
 * Records a step (forward, backward and optimiser together) as a flat plan of operations, and replays the plan: memory
 * is laid out once, tensors that are never needed at the same time share it, and nothing is traced again.
 *
 * The step must decide nothing by reading values, and what it closes over is constant: pass what changes (parameters,
 * batches, keys, a learning rate as a scalar tensor) as arguments. Results are the same as without `compile`. A gradient
 * may be taken through a compiled step: its backward pass is then part of a second plan.
 *
 * @param step from trees of tensors and keys to a tree of tensors
 * @param options lend: whether results and cotangents of 64 KiB and more are handed out where the plan has them, instead of
 *   copied: they last until this step is called again, or another is recorded. Default false
 * @throws CompileError when the step reads values while it is recorded, or receives something else
 */
export function compile<Arguments extends readonly Argument[], Result extends Tree>(
  step: (...inputs: Arguments) => Result,
  { lend = false }: { readonly lend?: boolean } = {},
): Compiled<Arguments, Result> {
  const plans = new Map<string, Plan<Result>>();
  const gradientPlans = new Map<string, GradientPlan<Result>>();
  const planFor = ({ inputs, signature }: Call<Arguments>): Plan<Result> =>
    remembered(plans, signature, () => recordPlan(step, inputs, lend));
  const differentiate = (call: Call<Arguments>): Result => {
    const { leaves, keys, signature, rebuild } = call;
    const variable = leaves.map(isTracked);
    const withVariables = (values: readonly Tensor[]): Tensor[] => {
      let next = 0;
      return leaves.map((leaf, index) => (variable[index] ? values[next++]! : leaf));
    };
    const through = customGradient<Result>((...primals) => {
      // a gradient of a gradient goes through the step itself
      if (primals.some(isTracked)) {
        return vjp((values: readonly Tensor[]): Result => step(...rebuild(withVariables(values))), primals);
      }
      const name = `${signature}${variable.map(Number).join("")}`;
      const plan = remembered(gradientPlans, name, () => recordGradient(step, call.inputs, variable, lend));
      return plan.run(withVariables(primals), keys);
    });
    return through(...leaves.filter((_, index) => variable[index]));
  };
  const run = (...inputs: Arguments): Result => {
    if (currentRecorder() !== undefined) return step(...inputs);
    const call = takeApart(inputs);
    return call.leaves.some(isTracked) ? differentiate(call) : planFor(call).run(call.leaves, call.keys);
  };
  return Object.assign(run, { explain: (...inputs: Arguments) => planFor(takeApart(inputs)).explanation });
}

/** Whether a gradient is being taken with respect to a tensor. */
const isTracked = (x: Tensor): boolean => resolve(x).node !== undefined;

function remembered<Value>(memory: Map<string, Value>, name: string, make: () => Value): Value {
  let value = memory.get(name);
  if (value === undefined) {
    value = make();
    memory.set(name, value);
  }
  return value;
}
