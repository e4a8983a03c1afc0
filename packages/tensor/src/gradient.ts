import { isFloat } from "./dtype.ts";
import { DTypeError, GradientError, ShapeError, show } from "./errors.ts";
import { add } from "./operations/arithmetic.ts";
import { full, zerosLike } from "./create.ts";
import { sameShape } from "./shape.ts";
import { innermost, lower, record, resolve, whilePaused, withTape } from "./tape.ts";
import type { Node } from "./tape.ts";
import { Tensor } from "./tensor.ts";
import { flattenTree } from "./tree.ts";
import type { Tree } from "./tree.ts";

/**
 * Value of a function of trees together with its transposed derivative.
 *
 * @returns `value` as `f` returns it; `pullback`, from a cotangent of the value's shape to one of the primals' shape
 * @throws DTypeError when a leaf of `primals` is not floating point
 * @see Griewank & Walther 2008, Evaluating Derivatives, doi:10.1137/1.9780898717761 (reverse mode)
 */
export function vjp<P extends Tree, V extends Tree>(
  f: (primals: P) => V,
  primals: P,
): { value: V; pullback: (cotangent: V) => P } {
  const input = flattenTree(primals);
  requireFloats("vjp", input.leaves, input.paths);
  let structure: ReturnType<typeof flattenTree<V>>;
  const { values, pullback } = vjpLeaves((leaves) => {
    structure = flattenTree(f(input.unflatten(leaves)));
    return structure.leaves;
  }, input.leaves);
  return {
    value: structure!.unflatten(values),
    pullback: (cotangent) => {
      const { leaves } = flattenTree(cotangent);
      values.forEach((value, index) => {
        const shape = leaves[index]?.shape ?? [];
        if (leaves.length === values.length && sameShape(shape, value.shape)) return;
        const shapes = [value.shape, shape];
        throw new ShapeError(
          "pullback",
          `expected a cotangent of shape ${show(value.shape)}, received ${show(shape)}`,
          shapes,
        );
      });
      return input.unflatten(pullback(leaves).map((g, index) => g ?? zerosLike(input.leaves[index]!)));
    },
  };
}

/**
 * Value and gradient of a scalar function with respect to its first argument.
 *
 * With `aux: true` the function returns `[loss, aux]`, and `aux` comes back beside the value.
 *
 * @throws GradientError when the loss is not a single floating-point number
 * @throws DTypeError when a leaf of the parameters is not floating point
 */
export function valueAndGrad<P extends Tree, Rest extends unknown[]>(
  f: (params: P, ...rest: Rest) => Tensor,
): (params: P, ...rest: Rest) => { value: Tensor; grads: P };
export function valueAndGrad<P extends Tree, A extends Tree, Rest extends unknown[]>(
  f: (params: P, ...rest: Rest) => readonly [Tensor, A],
  options: { readonly aux: true },
): (params: P, ...rest: Rest) => { value: Tensor; grads: P; aux: A };
export function valueAndGrad<P extends Tree, Rest extends unknown[]>(
  f: (params: P, ...rest: Rest) => Tensor | readonly [Tensor, Tree],
): (params: P, ...rest: Rest) => { value: Tensor; grads: P; aux?: Tree } {
  return (params, ...rest) => {
    const input = flattenTree(params);
    requireFloats("valueAndGrad", input.leaves, input.paths);
    let aux: ReturnType<typeof flattenTree> | undefined;
    const { values, pullback } = vjpLeaves((leaves) => {
      const output = f(input.unflatten(leaves), ...rest);
      const [loss, extra] = output instanceof Tensor ? [output] : output;
      requireScalar(loss);
      aux = extra && flattenTree(extra);
      return [loss, ...(aux?.leaves ?? [])];
    }, input.leaves);
    const [value, ...extras] = values as [Tensor, ...Tensor[]];
    const gradients = pullback([full(value.shape, 1, value.dtype)]);
    const grads = input.unflatten(gradients.map((g, index) => g ?? zerosLike(input.leaves[index]!)));
    return aux === undefined ? { value, grads } : { value, grads, aux: aux.unflatten(extras) };
  };
}

/**
 * Gradient of a scalar function with respect to its first argument.
 *
 * @throws GradientError when the loss is not a single floating-point number
 */
export function grad<P extends Tree, Rest extends unknown[]>(
  f: (params: P, ...rest: Rest) => Tensor,
): (params: P, ...rest: Rest) => P {
  const both = valueAndGrad(f);
  return (params, ...rest) => both(params, ...rest).grads;
}

/** The same value, constant for every gradient that is being taken. */
export function stopGradient(x: Tensor): Tensor {
  let current = resolve(x);
  while (current.node !== undefined) current = current.primal!;
  return current;
}

/**
 * A function with a gradient of your own.
 *
 * @param f returns the value, a tree of tensors, and a function from the value's cotangent to one cotangent per argument;
 *   tensors that `f` closes over count as constants
 * @throws ShapeError when the pullback returns another shape than its argument has
 */
export function customGradient<V extends Tree = Tensor>(
  f: (...inputs: Tensor[]) => { value: V; pullback: (cotangent: V) => readonly Tensor[] },
): (...inputs: Tensor[]) => V {
  const call = (inputs: readonly Tensor[]): ReturnType<typeof f> => {
    const visible = inputs.map(resolve);
    const tape = innermost(visible);
    if (tape === undefined) return f(...visible);
    const primals = visible.map((input) => lower(input, tape));
    const { result } = whilePaused(tape, () => call(primals));
    // what tapes further out track is handed to `f` again, so that its pullback can be differentiated too
    const nested = innermost(primals) !== undefined;
    const pullback = nested ? (cotangent: V) => f(...primals).pullback(cotangent) : result.pullback;
    const output = flattenTree(result.value);
    const values = record(tape, visible, output.leaves, (leaves) => {
      const cotangents = pullback(
        output.unflatten(output.leaves.map((leaf, index) => leaves[index] ?? zerosLike(leaf))),
      );
      visible.forEach((input, index) => {
        const shape = cotangents[index]?.shape;
        if (shape !== undefined && sameShape(shape, input.shape)) return;
        const received = shape === undefined ? "nothing" : show(shape);
        throw new ShapeError(
          "customGradient",
          `expected cotangent ${index} of shape ${show(input.shape)}, received ${received}`,
        );
      });
      return cotangents;
    });
    return { value: output.unflatten(values), pullback };
  };
  return (...inputs) => call(inputs).value;
}

/** `vjp` on flat lists; cotangents that are zero throughout come back undefined. @internal */
export function vjpLeaves(
  f: (leaves: Tensor[]) => readonly Tensor[],
  primals: readonly Tensor[],
): { values: Tensor[]; pullback: (cotangents: readonly (Tensor | undefined)[]) => (Tensor | undefined)[] } {
  const plain = primals.map(resolve);
  const { tape, leaves, outputs } = withTape((recording) => {
    const tracked = plain.map((value) => record(recording, [], [value])[0]!);
    return { tape: recording, leaves: tracked, outputs: f(tracked).map(resolve) };
  });
  const { nodes } = tape;
  return {
    values: outputs.map((output) => lower(output, tape)),
    pullback: (cotangents) => {
      const gathered: (Tensor | undefined)[][] = nodes.map(() => []);
      const accumulate = ({ node, slot }: Tensor, cotangent: Tensor): void => {
        const slots = gathered[node!.index]!;
        slots[slot] = slots[slot] === undefined ? cotangent : add(slots[slot], cotangent);
      };
      outputs.forEach((output, index) => {
        const cotangent = cotangents[index];
        if (cotangent !== undefined && output.node?.tape === tape) accumulate(output, cotangent);
      });
      for (let index = nodes.length - 1; index >= 0; index--) propagate(nodes[index]!, gathered, accumulate);
      return leaves.map((leaf) => (leaf.node === undefined ? undefined : gathered[leaf.node.index]![0]));
    },
  };
}

function propagate(
  node: Node,
  gathered: (Tensor | undefined)[][],
  accumulate: (input: Tensor, cotangent: Tensor) => void,
): void {
  const cotangents = gathered[node.index]!;
  if (node.pullback === undefined || cotangents.length === 0) return;
  gathered[node.index] = [];
  node.pullback(cotangents).forEach((cotangent, index) => {
    const input = node.inputs[index];
    if (input !== undefined && cotangent !== undefined) accumulate(input, cotangent);
  });
}

function requireFloats(operation: string, leaves: readonly Tensor[], paths: readonly string[]): void {
  const index = leaves.findIndex((leaf) => !isFloat(leaf.dtype));
  if (index === -1) return;
  const place = paths[index] === "" ? "" : ` at "${paths[index]}"`;
  throw new DTypeError(
    operation,
    `expected floating-point parameters, received ${leaves[index]!.dtype}${place}. Pass it as a further argument?`,
  );
}

function requireScalar(loss: Tensor): void {
  if (loss.size === 1 && loss.shape.length === 0 && isFloat(loss.dtype)) return;
  throw new GradientError(
    "grad",
    `expected a scalar floating-point loss, received ${loss.dtype} ${show(loss.shape)}. Take its mean or sum?`,
  );
}
