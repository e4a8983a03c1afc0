import { CompileError } from "../errors.ts";
import type { Key } from "../key.ts";
import { withRecorder } from "../tape.ts";
import type { Kernel, Loop, LoopResult, Recorder } from "../tape.ts";
import { Tensor } from "../tensor.ts";
import { aliasOf, newSlot, rootOf } from "./slot.ts";
import type { Slot } from "./slot.ts";

/** One entry of a plan. */
export type Instruction =
  | {
      readonly kind: "kernel";
      readonly name: string;
      readonly kernel: Kernel;
      readonly reads: Slot[];
      readonly writes: Slot[];
    }
  | {
      readonly kind: "key";
      readonly name: string;
      readonly run: () => void;
      readonly reads: Slot[];
      readonly writes: Slot[];
    }
  | LoopInstruction;

/** A loop with its body recorded once. */
export interface LoopInstruction {
  readonly kind: "loop";
  readonly name: string;
  readonly body: Instruction[];
  readonly steps: number;
  readonly reverse: boolean;
  /** Where the body finds its carry and slices, and leaves the next carry and its outputs. */
  readonly inner: Record<"carry" | "xs" | "next" | "ys", readonly Slot[]>;
  /** What the loop starts from, goes through and leaves. */
  readonly outer: Record<"carry" | "xs" | "last" | "ys", readonly Slot[]>;
  readonly reads: Slot[];
  readonly writes: Slot[];
  /** Room for the body's slots. */
  readonly workspace: Slot & { bytes: number };
}

/** Takes down what a step does with tensors that depend on its arguments; the rest is computed at once. */
export class StepRecorder implements Recorder {
  instructions: Instruction[] = [];
  readonly constants: Slot[] = [];
  private readonly slots = new WeakMap<Tensor, Slot>();
  private readonly literals = new Map<unknown, Slot>();
  private readonly keys = new WeakSet<Key>();

  /** A stand-in for a tensor argument. */
  argument(name: string, tensor: Tensor): { tensor: Tensor; slot: Slot } {
    const slot = newSlot(name, tensor);
    return { tensor: this.symbol(slot), slot };
  }

  /** Makes what is drawn from a key depend on the step's arguments. */
  argumentKey(key: Key): void {
    this.keys.add(key);
  }

  /** Slot of a tensor, which becomes a constant of the plan when the step did not compute it. */
  slotOf(tensor: Tensor): Slot {
    const known = this.slots.get(tensor);
    if (known !== undefined) return known;
    if (tensor.values === undefined) {
      throw new CompileError(
        "compile",
        "expected tensors of this step, but it used one that another compilation recorded",
      );
    }
    const literal =
      tensor.size === 1
        ? `${tensor.dtype} ${tensor.shape.length} ${Object.is(tensor.values[0], -0) ? "-0" : tensor.values[0]}`
        : tensor.values;
    const constant = this.literals.get(literal) ?? newSlot("constant", tensor, tensor.values);
    if (!this.literals.has(literal)) this.constants.push(constant);
    this.literals.set(literal, constant);
    if (
      constant.shape.length === tensor.shape.length &&
      constant.shape.every((length, axis) => length === tensor.shape[axis])
    ) {
      this.slots.set(tensor, constant);
      return constant;
    }
    const view = aliasOf(constant, "constant", tensor, 0);
    this.slots.set(tensor, view);
    return view;
  }

  record(name: string, kernel: Kernel, inputs: readonly Tensor[]): Tensor | undefined {
    const drawn = kernel.key !== undefined && this.keys.has(kernel.key);
    if (!drawn && inputs.every((input) => input.values !== undefined)) return undefined;
    const reads = inputs.map((input) => this.slotOf(input));
    if (kernel.alias !== undefined) return this.symbol(aliasOf(reads[0]!, name, kernel, kernel.alias));
    const slot = newSlot(name, kernel);
    this.instructions.push({ kind: "kernel", name, kernel, reads, writes: [slot] });
    return this.symbol(slot);
  }

  recordKey(parent: Key, child: Key, run: () => void): boolean {
    if (!this.keys.has(parent)) return false;
    this.keys.add(child);
    this.instructions.push({ kind: "key", name: "key", run, reads: [], writes: [] });
    return true;
  }

  recordLoop({ step, carry, xs, steps, reverse }: Loop): LoopResult {
    const inner = {
      carry: carry.map((leaf) => newSlot("carry", leaf)),
      xs: xs.map(({ shape, dtype }) => newSlot("slice", { shape: shape.slice(1), dtype })),
    };
    const before = this.instructions;
    this.instructions = [];
    const result = step(
      inner.carry.map((slot) => this.symbol(slot)),
      inner.xs.map((slot) => this.symbol(slot)),
    );
    const next = result.carry.map((leaf) => this.slotOf(leaf));
    const ys = result.ys.map((leaf) => this.slotOf(leaf));
    const body = this.instructions;
    this.instructions = before;
    const outer = {
      carry: carry.map((leaf) => this.slotOf(leaf)),
      xs: xs.map((leaf) => this.slotOf(leaf)),
      last: next.map((slot) => newSlot("carry", slot)),
      ys: ys.map(({ shape, dtype }) => newSlot("outputs", { shape: [steps, ...shape], dtype })),
    };
    const workspace = { ...newSlot("workspace", { shape: [0], dtype: "uint8" }) };
    this.instructions.push({
      kind: "loop",
      name: "scan",
      body,
      steps,
      reverse,
      inner: { ...inner, next, ys },
      outer,
      reads: [...outer.carry, ...outer.xs, ...foreignReads(body, inner, [...next, ...ys])],
      writes: [workspace, ...outer.last, ...outer.ys],
      workspace,
    });
    return { carry: outer.last.map((slot) => this.symbol(slot)), ys: outer.ys.map((slot) => this.symbol(slot)) };
  }

  /** Runs a step while it is taken down. */
  take<Result>(step: () => Result): Result {
    return withRecorder(this, step);
  }

  private symbol(slot: Slot): Tensor {
    const tensor = new Tensor(slot.shape, slot.dtype);
    this.slots.set(tensor, slot);
    return tensor;
  }
}

/** Slots that a loop's body reads but does not own. */
function foreignReads(
  body: readonly Instruction[],
  inner: { carry: Slot[]; xs: Slot[] },
  left: readonly Slot[],
): Slot[] {
  const own = new Set<Slot>([...inner.carry, ...inner.xs, ...body.flatMap(({ writes }) => writes)]);
  const read = [...body.flatMap(({ reads }) => reads), ...left];
  return [...new Set(read.map(rootOf))].filter((slot) => !own.has(slot));
}
