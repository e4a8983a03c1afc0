import type { Key } from "../key.ts";
import { flattenTree } from "../tree.ts";
import { isKey } from "./call.ts";
import type { Argument } from "./call.ts";
import type { StepRecorder } from "./recorder.ts";
import type { Slot } from "./slot.ts";

/** What a step is given while it is recorded. */
export interface StandIns<Arguments extends readonly Argument[]> {
  readonly inputs: Arguments;
  /** Where the tensors of a call's arguments go. */
  readonly slots: readonly Slot[];
  /** Makes the plan draw from a call's keys. */
  readonly setKeys: (keys: readonly Key[]) => void;
}

export function standIns<Arguments extends readonly Argument[]>(
  recorder: StepRecorder,
  inputs: Arguments,
): StandIns<Arguments> {
  const slots: Slot[] = [];
  const ownKeys: { low: number; high: number }[] = [];
  const symbols = inputs.map((input) => {
    if (isKey(input)) {
      const own = { ...input };
      ownKeys.push(own);
      recorder.argumentKey(own);
      return own;
    }
    const flat = flattenTree(input);
    return flat.unflatten(
      flat.leaves.map((leaf) => {
        const { tensor, slot } = recorder.argument("argument", leaf);
        slots.push(slot);
        return tensor;
      }),
    );
  });
  return {
    inputs: symbols as unknown as Arguments,
    slots,
    setKeys: (keys) => keys.forEach((key, index) => Object.assign(ownKeys[index]!, key)),
  };
}
