import { show } from "../errors.ts";
import type { Instruction } from "./recorder.ts";
import { rootOf } from "./slot.ts";
import type { Slot } from "./slot.ts";

/** What a plan does and how much memory it takes. */
export interface Explanation {
  /** Operations in the order in which they run; those of a loop's body are indented. */
  readonly operations: readonly PlannedOperation[];
  /** Memory of the plan, arguments, constants and results included. */
  readonly bytes: number;
  /** Memory that the same tensors would take if none shared a place. */
  readonly bytesUnshared: number;
  /** The plan as a table. */
  toString(): string;
}

/** One operation of a plan. */
export interface PlannedOperation {
  readonly name: string;
  /** Loops around it. */
  readonly depth: number;
  readonly shape: readonly number[];
  readonly bytes: number;
  /** First byte of its output within its region: equal places are shared memory. */
  readonly place: number;
}

export function explainPlan(
  instructions: readonly Instruction[],
  {
    given,
    constants,
    results,
    bytes,
  }: { given: readonly Slot[]; constants: readonly Slot[]; results: readonly Slot[]; bytes: number },
): Explanation {
  const operations = list(instructions, 0);
  const pinned = new Set([...given, ...constants].map(rootOf));
  const own = [...pinned].reduce((total, slot) => total + slot.bytes, 0);
  const bytesUnshared = operations.reduce((total, operation) => total + operation.bytes, own);
  return {
    operations,
    bytes,
    bytesUnshared,
    toString: () =>
      [
        `${operations.length} operations, ${given.length} arguments, ${constants.length} constants, ${results.length} results`,
        `${bytes} bytes in one memory (${bytesUnshared} without sharing)`,
        ...operations.map(
          ({ name, depth, shape, bytes: size, place }) =>
            `${String(place).padStart(9)}  ${String(size).padStart(8)}  ${"  ".repeat(depth)}${name} ${show(shape)}`,
        ),
      ].join("\n"),
  };
}

function list(instructions: readonly Instruction[], depth: number): PlannedOperation[] {
  return instructions.flatMap((instruction) => {
    if (instruction.kind === "key") return [];
    const { name, writes } = instruction;
    const own = writes.map(({ shape, bytes, place }) => ({ name, depth, shape, bytes, place }));
    return instruction.kind === "loop" ? [...own, ...list(instruction.body, depth + 1)] : own;
  });
}
