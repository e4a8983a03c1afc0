/** Random programs over 3 x 3 matrices. */
import * as t from "../../src/index.ts";
import type { Tensor } from "../../src/index.ts";
import { Random } from "./random.ts";

const side = 3;

type Values = readonly Tensor[];
type Instruction = (values: Values) => Tensor;

/** A straight line of 3 to 10 operations on matrices, each of which reads anything made before it. */
export function program(index: number): { run: (inputs: Values) => Tensor; at: Float64Array[]; text: string } {
  const random = new Random(`program ${index}`);
  const names: string[] = [];
  const instructions: Instruction[] = [];
  for (let line = random.integer(3, 10); line > 0; line--) {
    const [name, build] = random.pick(Object.entries(vocabulary));
    const available = 2 + instructions.length;
    // the newest values come first, so that programs are deep
    const operands = random.list(3, () => Math.max(random.integer(0, available - 1), random.integer(0, available - 1)));
    names.push(`${name}(${operands.join()})`);
    instructions.push((values) => build(...(operands.map((operand) => values[operand]!) as [Tensor, Tensor, Tensor])));
  }
  const run = (inputs: Values): Tensor => {
    const values = [...inputs];
    for (const instruction of instructions) values.push(instruction(values));
    return t.sum(t.mul(t.tanh(values.at(-1)!), 0.7));
  };
  const at = random.list(2, () => Float64Array.from({ length: side * side }, () => random.real(-1, 1)));
  return { run, at, text: names.join(" ") };
}

const vocabulary: Readonly<Record<string, (a: Tensor, b: Tensor, c: Tensor) => Tensor>> = {
  add: (a, b) => t.add(a, b),
  mul: (a, b) => t.mul(a, b),
  ratio: (a, b) => t.div(a, t.add(t.square(b), 1)),
  tanh: (a) => t.tanh(a),
  sin: (a) => t.sin(a),
  gelu: (a) => t.gelu(a),
  exponential: (a) => t.exp(t.neg(t.square(a))),
  root: (a) => t.sqrt(t.add(t.square(a), 1)),
  product: (a, b) => t.mul(t.matmul(a, b), 0.3),
  transpose: (a) => t.transpose(a),
  softmax: (a) => t.softmax(a, 0),
  logSoftmax: (a) => t.mul(t.logSoftmax(a), 0.2),
  centred: (a) => t.sub(a, t.mean(a, 1, true)),
  scaled: (a) => t.div(a, t.sqrt(t.add(t.variance(a, 0), 1))),
  outer: (a, b) => t.mul(t.sum(a, 0), t.expandDims(t.mean(b, 1), 1)),
  shifted: (a, b) => t.concat([t.slice(a, [[1, side]]), t.slice(b, [[0, 1]])]),
  diagonal: (a) => t.mul(t.eye(side, "float64"), a),
  rows: (a) => t.take(a, t.tensor([2, 0, 0], "int32")),
  spread: (a, b) => t.scatterAdd(a, t.tensor([1, 1], "int32"), t.slice(b, [[0, 2]])),
  chosen: (a, b, c) =>
    t.where(
      t.tensor(
        [
          [1, 0, 1],
          [0, 1, 0],
          [1, 1, 0],
        ],
        "uint8",
      ),
      t.mul(a, b),
      c,
    ),
  running: (a) => t.mul(t.cumsum(a, 0), 0.5),
};
