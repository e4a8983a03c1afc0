import { allocate, isFloat } from "./dtype.ts";
import type { Data, DType } from "./dtype.ts";
import type { Key } from "./key.ts";
import { sizeOf } from "./shape.ts";
import type { Shape } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** What happened while one gradient was being taken; tapes nest, and deeper ones see the values of shallower ones. */
export interface Tape {
  readonly depth: number;
  readonly nodes: Node[];
  state: "recording" | "paused" | "closed";
  /** Tensors of this tape that were read while it was paused. */
  captured: Set<Tensor>;
}

/** One recorded operation: which tensors of the same tape it read, and how cotangents flow back to them. */
export interface Node {
  readonly tape: Tape;
  readonly index: number;
  /** Inputs on this tape; undefined where an input was a constant. */
  readonly inputs: readonly (Tensor | undefined)[];
  /** Cotangents of the inputs from those of the outputs; absent for leaves. */
  readonly pullback?: (cotangents: readonly (Tensor | undefined)[]) => readonly (Tensor | undefined)[];
}

/** What an operation knows of a tensor before there are values. */
export interface Spec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** An operation bound to the shapes of its inputs: everything that does not depend on values is worked out. */
export interface Kernel extends Spec {
  /** Computes the output; `out` holds anything before and is written throughout. */
  run(inputs: readonly Data[], out: Data): void;
  /** The output is the elements of the first input from this place on, so nothing needs to run. */
  readonly alias?: number;
  /** The output, where the inputs lie in such a way in one memory that nothing needs to run. */
  found?(inputs: readonly Data[]): Data | undefined;
  /** Where the kernel's random numbers come from; it is read anew in each run. */
  readonly key?: Key;
}

/** An operation of the engine: how to compute it, and how its cotangent flows to each input. */
export interface Primitive<Attributes> {
  readonly name: string;
  bind(inputs: readonly Spec[], attributes: Attributes): Kernel;
  /** Cotangent of input `index`, in terms of operations, so that it can be differentiated again. */
  pullback?(
    index: number,
    cotangent: Tensor,
    inputs: readonly Tensor[],
    output: Tensor,
    attributes: Attributes,
  ): Tensor | undefined;
}

const tapes: Tape[] = [];
let substitutions: readonly ReadonlyMap<Tensor, Tensor>[] = [];

/** Applies a primitive: computes it on plain values and records it on every tape that tracks one of its inputs. */
export function apply<Attributes>(
  primitive: Primitive<Attributes>,
  inputs: readonly Tensor[],
  attributes: Attributes,
): Tensor {
  const visible = inputs.some((input) => input.node !== undefined) ? inputs.map(resolve) : inputs;
  const tape = innermost(visible);
  if (tape === undefined) return execute(primitive, visible, attributes);
  const primals = visible.map((input) => lower(input, tape));
  const output = apply(primitive, primals, attributes);
  if (primitive.pullback === undefined || !isFloat(output.dtype)) return output;
  return record(tape, visible, [output], ([cotangent]) =>
    visible.map((input, index) =>
      input.node?.tape === tape ? primitive.pullback!(index, cotangent!, primals, output, attributes) : undefined,
    ),
  )[0]!;
}

/** What takes operations down instead of computing them, while a step is being compiled. */
export interface Recorder {
  /** Takes down an operation on plain tensors; undefined when none of them depends on the step's arguments. */
  record(name: string, kernel: Kernel, inputs: readonly Tensor[]): Tensor | undefined;
  /** Takes down how a key is derived; false when its parent does not depend on the step's arguments. */
  recordKey(parent: Key, child: Key, run: () => void): boolean;
  /** Takes down a loop; its body is recorded once. */
  recordLoop(loop: Loop): LoopResult;
}

/** A loop whose steps hand a carry on. */
export interface Loop {
  readonly step: (carry: Tensor[], xs: Tensor[]) => LoopResult;
  readonly carry: readonly Tensor[];
  /** Tensors with the steps as axis 0. */
  readonly xs: readonly Tensor[];
  readonly steps: number;
  /** From the last step to the first. */
  readonly reverse: boolean;
}

/** Last carry of a loop, and the outputs of its steps; in one step, the next carry and the outputs of that step. */
export interface LoopResult {
  readonly carry: Tensor[];
  readonly ys: Tensor[];
}

let recorder: Recorder | undefined;

/** The recorder of the step that is being compiled now. */
export const currentRecorder = (): Recorder | undefined => recorder;

/** Runs `body` while a recorder takes down what it does; undefined computes at once. */
export function withRecorder<Result>(next: Recorder | undefined, body: () => Result): Result {
  const before = recorder;
  recorder = next;
  try {
    return body();
  } finally {
    recorder = before;
  }
}

function execute<Attributes>(
  primitive: Primitive<Attributes>,
  inputs: readonly Tensor[],
  attributes: Attributes,
): Tensor {
  const kernel = primitive.bind(inputs, attributes);
  const recorded = recorder?.record(primitive.name, kernel, inputs);
  if (recorded !== undefined) return recorded;
  const { shape, dtype, alias } = kernel;
  const size = sizeOf(shape);
  if (alias !== undefined) {
    const { data } = inputs[0]!;
    return new Tensor(shape, dtype, data.length === size ? data : data.subarray(alias, alias + size));
  }
  const data = inputs.map((input) => input.data);
  const found = kernel.found?.(data);
  if (found !== undefined) return new Tensor(shape, dtype, found);
  const out = allocate(dtype, size);
  kernel.run(data, out);
  return new Tensor(shape, dtype, out);
}

/** Puts values on a tape as outputs of one new node. */
export function record(
  tape: Tape,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  pullback?: Node["pullback"],
): Tensor[] {
  const tracked = inputs.map((input) => (input.node?.tape === tape ? input : undefined));
  const node: Node = { tape, index: tape.nodes.length, inputs: tracked, ...(pullback && { pullback }) };
  tape.nodes.push(node);
  return outputs.map((output, slot) =>
    isFloat(output.dtype) ? new Tensor(output.shape, output.dtype, output.values, node, slot, output) : output,
  );
}

/** A fresh tensor that no tape tracks. */
export function untracked(shape: Shape, dtype: Tensor["dtype"], data: Data): Tensor {
  return new Tensor(shape, dtype, data);
}

/** What a tensor stands for now: substitutes, and the plain values of tapes that are paused or closed. */
export function resolve(tensor: Tensor): Tensor {
  let current = tensor;
  while (current.node !== undefined) {
    const substitute = substituteOf(current);
    if (substitute !== undefined) {
      current = substitute;
      continue;
    }
    const { tape } = current.node;
    if (tape.state === "recording") return current;
    if (tape.state === "paused") tape.captured.add(current);
    current = current.primal!;
  }
  return current;
}

/** The value under a tape: what the tensor is when that tape is not looked at. */
export function lower(tensor: Tensor, tape: Tape): Tensor {
  return tensor.node?.tape === tape ? tensor.primal! : tensor;
}

/** Deepest recording tape that tracks one of the tensors. */
export function innermost(tensors: readonly Tensor[]): Tape | undefined {
  let deepest: Tape | undefined;
  for (const { node } of tensors) {
    if (node !== undefined && (deepest === undefined || node.tape.depth > deepest.depth)) deepest = node.tape;
  }
  return deepest;
}

/** Tapes that are recording now, outermost first. */
export const recordingTapes = (): Tape[] => tapes.filter((tape) => tape.state === "recording");

/** Runs `body` with a new tape and closes the tape afterwards. */
export function withTape<Result>(body: (tape: Tape) => Result): Result {
  const tape: Tape = { depth: tapes.length, nodes: [], state: "recording", captured: new Set() };
  tapes.push(tape);
  try {
    return body(tape);
  } finally {
    tapes.pop();
    tape.state = "closed";
  }
}

/** Runs `body` while a tape does not record, and says which of its tensors were read meanwhile. */
export function whilePaused<Result>(tape: Tape, body: () => Result): { result: Result; captured: Tensor[] } {
  const before = tape.captured;
  tape.captured = new Set();
  tape.state = "paused";
  try {
    return { result: body(), captured: [...tape.captured] };
  } finally {
    tape.state = "recording";
    tape.captured = before;
  }
}

/** How many tensors of paused tapes have been read. */
export const capturedTensors = (): number => tapes.reduce((total, { captured }) => total + captured.size, 0);

/** Runs `body` with tensors that it has closed over replaced by others. */
export function withSubstitution<Result>(map: ReadonlyMap<Tensor, Tensor>, body: () => Result): Result {
  return withSubstitutions([...substitutions, map], body);
}

/** The same function, which sees the substitutions of now also when it runs again later. */
export function keepingSubstitutions<Arguments extends unknown[], Result>(
  f: (...inputs: Arguments) => Result,
): (...inputs: Arguments) => Result {
  const kept = substitutions;
  return (...inputs) => {
    const later = substitutions.filter((map) => !kept.includes(map));
    return withSubstitutions([...kept, ...later], () => f(...inputs));
  };
}

function withSubstitutions<Result>(next: typeof substitutions, body: () => Result): Result {
  const before = substitutions;
  substitutions = next;
  try {
    return body();
  } finally {
    substitutions = before;
  }
}

function substituteOf(tensor: Tensor): Tensor | undefined {
  for (const map of substitutions) {
    const substitute = map.get(tensor);
    if (substitute !== undefined) return substitute;
  }
  return undefined;
}
