import { reserve } from "@ganglion/kernels";
import { CompileError, show } from "../errors.ts";
import type { Data } from "../dtype.ts";
import type { Key } from "../key.ts";
import { currentRecorder, untracked } from "../tape.ts";
import { Tensor } from "../tensor.ts";
import { flattenTree } from "../tree.ts";
import type { Tree } from "../tree.ts";
import { explainPlan } from "./explain.ts";
import type { Explanation } from "./explain.ts";
import { layOut, live } from "./layout.ts";
import { StepRecorder } from "./recorder.ts";
import type { Instruction } from "./recorder.ts";
import { bind, viewsOf } from "./replay.ts";
import type { Slot } from "./slot.ts";

/** What a compiled step may be given: trees of tensors, and keys. */
export type Argument = Tree | Key;

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
 * batches, keys, a learning rate as a scalar tensor) as arguments. Results are the same as without `compile`.
 *
 * @param step from trees of tensors and keys to a tree of tensors
 * @throws CompileError when the step reads values while it is recorded, or receives something else
 */
export function compile<Arguments extends readonly Argument[], Result extends Tree>(
  step: (...inputs: Arguments) => Result,
): Compiled<Arguments, Result> {
  const plans = new Map<string, Plan<Result>>();
  const planFor = (inputs: Arguments, signature: string): Plan<Result> => {
    let plan = plans.get(signature);
    if (plan === undefined) {
      plan = record(step, inputs);
      plans.set(signature, plan);
    }
    return plan;
  };
  const run = (...inputs: Arguments): Result => {
    const { leaves, keys, signature } = takeApart(inputs);
    const nested = currentRecorder() !== undefined || leaves.some(({ node }) => node !== undefined);
    return nested ? step(...inputs) : planFor(inputs, signature).run(leaves, keys);
  };
  const explain = (...inputs: Arguments): Explanation => {
    const { signature } = takeApart(inputs);
    return planFor(inputs, signature).explanation;
  };
  return Object.assign(run, { explain });
}

interface Plan<Result extends Tree> {
  run(leaves: readonly Tensor[], keys: readonly Key[]): Result;
  readonly explanation: Explanation;
}

function record<Arguments extends readonly Argument[], Result extends Tree>(
  step: (...inputs: Arguments) => Result,
  inputs: Arguments,
): Plan<Result> {
  const recorder = new StepRecorder();
  const given: Slot[] = [];
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
        given.push(slot);
        return tensor;
      }),
    );
  });
  const structure = recorder.take(() => flattenTree(step(...(symbols as unknown as Arguments))));
  const results = structure.leaves.map((leaf) => recorder.slotOf(leaf));
  const instructions = live(recorder.instructions, results);
  const pinned = [...given, ...recorder.constants, ...results];
  const bytes = layOut(instructions, pinned);
  const replay = replayer(instructions, recorder.constants, given, results, bytes);
  return {
    run(values, keys) {
      keys.forEach((key, index) => Object.assign(ownKeys[index]!, key));
      const outputs = replay(values);
      return structure.unflatten(results.map(({ shape, dtype }, index) => untracked(shape, dtype, outputs[index]!)));
    },
    explanation: explainPlan(instructions, {
      given,
      constants: recorder.constants,
      results,
      bytes,
    }),
  };
}

/** A function that copies arguments in, runs the plan and copies results out. */
function replayer(
  instructions: readonly Instruction[],
  constants: readonly Slot[],
  given: readonly Slot[],
  results: readonly Slot[],
  bytes: number,
): (values: readonly Tensor[]) => Data[] {
  const region = reserve(bytes);
  let bound: ArrayBufferLike | undefined;
  let run: (() => void)[] = [];
  let inputs: Data[] = [];
  let outputs: Data[] = [];
  const rebind = (buffer: ArrayBufferLike): void => {
    const view = viewsOf(buffer, region.start, undefined);
    for (const slot of constants) view(slot).set(slot.constant!);
    run = bind(instructions, buffer, region.start, view);
    inputs = given.map(view);
    outputs = results.map(view);
    bound = buffer;
  };
  return (values) => {
    const { buffer } = region;
    if (buffer !== bound) rebind(buffer);
    for (let index = 0; index < inputs.length; index++) inputs[index]!.set(values[index]!.data);
    for (const instruction of run) instruction();
    return outputs.map((values) => values.slice());
  };
}

function takeApart(inputs: readonly Argument[]): { leaves: Tensor[]; keys: Key[]; signature: string } {
  const leaves: Tensor[] = [];
  const keys: Key[] = [];
  let signature = "";
  for (const input of inputs) {
    if (isKey(input)) {
      keys.push(input);
      signature += "key;";
      continue;
    }
    if (typeof input !== "object" || input === null) {
      const repair = typeof input === "number" ? ` Use tensor(${String(input)})?` : "";
      throw new CompileError(
        "compile",
        `expected trees of tensors and keys as arguments, received ${typeof input}.${repair}`,
      );
    }
    const flat = flattenTree(input);
    flat.leaves.forEach((leaf, index) => {
      leaves.push(leaf);
      signature += `${flat.paths[index]}:${leaf.dtype}${show(leaf.shape)};`;
    });
  }
  return { leaves, keys, signature };
}

const isKey = (input: Argument): input is Key =>
  typeof input === "object" &&
  !(input instanceof Tensor) &&
  "low" in input &&
  "high" in input &&
  typeof input.low === "number" &&
  typeof input.high === "number";
