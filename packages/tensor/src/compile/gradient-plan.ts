import { zerosLike } from "../create.ts";
import { CompileError } from "../errors.ts";
import { vjpLeaves } from "../gradient.ts";
import type { Key } from "../key.ts";
import { capturedTensors } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { flattenTree } from "../tree.ts";
import type { FlatTree, Tree } from "../tree.ts";
import { takeApart } from "./call.ts";
import type { Argument } from "./call.ts";
import { layOut, live } from "./layout.ts";
import { Machine } from "./machine.ts";
import { tensorsOf } from "./plan.ts";
import { StepRecorder } from "./recorder.ts";
import { standIns } from "./stand-ins.ts";

/** A step and its transposed derivative, recorded for arguments of certain shapes. */
export interface GradientPlan<Result extends Tree> {
  /** The step's result, and a function from a cotangent of it to one for each variable. */
  run(
    leaves: readonly Tensor[],
    keys: readonly Key[],
  ): { value: Result; pullback: (cotangent: Result) => readonly Tensor[] };
}

/**
 * Records the forward pass as one stage, and as another the backward pass, which finds what it needs where the first left
 * it.
 *
 * @param variable which leaves of the arguments the gradient is taken with respect to
 * @param lend whether large results and cotangents are handed out without a copy
 */
export function recordGradient<Arguments extends readonly Argument[], Result extends Tree>(
  step: (...inputs: Arguments) => Result,
  inputs: Arguments,
  variable: readonly boolean[],
  lend: boolean,
): GradientPlan<Result> {
  const recorder = new StepRecorder();
  const { inputs: symbols, slots: given, setKeys } = standIns(recorder, inputs);
  const { leaves: symbolLeaves, rebuild } = takeApart(symbols);
  const variables = symbolLeaves.filter((_, index) => variable[index]);
  const before = capturedTensors();
  let structure: FlatTree<Result>;
  const { values, pullback } = recorder.take(() =>
    vjpLeaves((tracked) => {
      let next = 0;
      const all = symbolLeaves.map((leaf, index) => (variable[index] ? tracked[next++]! : leaf));
      structure = flattenTree(step(...rebuild(all)));
      return structure.leaves;
    }, variables),
  );
  if (capturedTensors() > before) {
    throw new CompileError(
      "compile",
      "expected a step that closes over no tensor of the gradient being taken. Pass it as an argument?",
    );
  }
  const forward = new Set(recorder.instructions);
  const results = values.map((value) => recorder.slotOf(value));
  const cotangents = values.map((value) => recorder.argument("cotangent", value));
  const gradients = recorder.take(() => pullback(cotangents.map(({ tensor }) => tensor)));
  const cotangentSlots = cotangents.map(({ slot }) => slot);
  const gradientSlots = gradients.map((gradient, index) => recorder.slotOf(gradient ?? zerosLike(variables[index]!)));
  const { constants } = recorder;
  const instructions = live(recorder.instructions, [...results, ...gradientSlots]);
  const pinned = [...given, ...constants, ...results, ...cotangentSlots, ...gradientSlots];
  const bytes = layOut(instructions, pinned);
  const stages = [instructions.filter((one) => forward.has(one)), instructions.filter((one) => !forward.has(one))];
  const machine = new Machine(stages, constants, bytes);
  let newest = 0;
  return {
    run(leaves, keys) {
      const advance = (): number => {
        setKeys(keys);
        machine.write(given, leaves);
        machine.run(0);
        return ++newest;
      };
      let own = advance();
      return {
        value: structure.unflatten(tensorsOf(results, machine, lend)),
        pullback(cotangent) {
          // the memory holds one run, and the backward pass uses it up
          if (own !== newest) own = advance();
          newest++;
          machine.write(cotangentSlots, flattenTree(cotangent).leaves);
          machine.run(1);
          return tensorsOf(gradientSlots, machine, lend);
        },
      };
    },
  };
}
