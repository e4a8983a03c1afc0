import type { Key } from "../key.ts";
import { untracked } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { flattenTree } from "../tree.ts";
import type { Tree } from "../tree.ts";
import type { Argument } from "./call.ts";
import { explainPlan } from "./explain.ts";
import type { Explanation } from "./explain.ts";
import { layOut, live } from "./layout.ts";
import { Machine } from "./machine.ts";
import { StepRecorder } from "./recorder.ts";
import type { Slot } from "./slot.ts";
import { standIns } from "./stand-ins.ts";

/** A step recorded for arguments of certain shapes. */
export interface Plan<Result extends Tree> {
  run(leaves: readonly Tensor[], keys: readonly Key[]): Result;
  readonly explanation: Explanation;
}

export function recordPlan<Arguments extends readonly Argument[], Result extends Tree>(
  step: (...inputs: Arguments) => Result,
  inputs: Arguments,
  lend: boolean,
): Plan<Result> {
  const recorder = new StepRecorder();
  const { inputs: symbols, slots: given, setKeys } = standIns(recorder, inputs);
  const structure = recorder.take(() => flattenTree(step(...symbols)));
  const results = structure.leaves.map((leaf) => recorder.slotOf(leaf));
  const { constants } = recorder;
  const instructions = live(recorder.instructions, results);
  const bytes = layOut(instructions, [...given, ...constants, ...results]);
  const machine = new Machine([instructions], constants, bytes);
  return {
    run(leaves, keys) {
      setKeys(keys);
      machine.write(given, leaves);
      machine.run(0);
      return structure.unflatten(tensorsOf(results, machine, lend));
    },
    explanation: explainPlan(instructions, { given, constants, results, bytes }),
  };
}

/** What slots hold: copies, but for large ones that are lent. */
export function tensorsOf(slots: readonly Slot[], machine: Machine, lend: boolean): Tensor[] {
  return machine.read(slots, lend).map((data, index) => untracked(slots[index]!.shape, slots[index]!.dtype, data));
}
