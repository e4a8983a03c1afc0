import { Tensor } from "onnxruntime-web";
import type { Contender } from "../measure/race.ts";
import { readArrays } from "../work/arrays.ts";
import { CELLS, SHOWN } from "../work/cells.ts";
import { SHOWN as SHOWN_NEURONS } from "../work/synapses.ts";
import { running } from "./onnx-model.ts";
import type { Node } from "./onnx-model.ts";
import { readCells } from "./plain-cells.ts";

const { channels, hidden, scale } = CELLS;
const floats = (values: Float32Array, dims: readonly number[]) => new Tensor("float32", values, dims);
const ints = (values: Int32Array) => new Tensor("int32", values, [values.length]);

/** One step of the cells in a file of `work/cells.ts`; only those that fire are computed, unless all do. */
export function cells(name: string, path: string): Promise<Contender> {
  const given = readCells(path);
  const { near, toward } = given;
  const count = given.mask.length;
  const who = Int32Array.from(given.mask.keys()).filter((cell) => given.mask[cell] === 1);
  const some = who.length < count;
  const beside = (place: number): Tensor =>
    ints(who.map((cell) => (near === undefined ? (cell + [count - 1, 1][place]!) % count : near[2 * cell + place]!)));
  const feeds: Record<string, Tensor> = {
    state: floats(given.state, [count, channels]),
    w1: floats(given.w1, [3 * channels, hidden]),
    b1: floats(given.b1, [hidden]),
    w2: floats(given.w2, [hidden, channels]),
    b2: floats(given.b2, [channels]),
    before: beside(0),
    behind: beside(1),
  };
  const here = some ? "here" : "state";
  const nodes: Node[] = [
    ["Gather", ["state", "before"], "left"],
    ["Gather", ["state", "behind"], "right"],
  ];
  if (some) {
    feeds["fired"] = ints(who);
    feeds["rows"] = new Tensor("int64", BigInt64Array.from(who, BigInt), [who.length, 1]);
    nodes.push(["Gather", ["state", "fired"], here]);
  }
  if (toward === undefined) nodes.push(["Concat", ["left", here, "right"], "seen", 1]);
  else {
    for (const axis of [0, 1]) {
      for (const [place, side] of ["left", "right"].entries()) {
        const weights = Float32Array.from(who, (cell) => toward[4 * cell + 2 * place + axis]!);
        feeds[`${side}${axis}`] = floats(weights, [who.length, 1]);
        nodes.push(["Mul", [side, `${side}${axis}`], `${side}By${axis}`]);
      }
      nodes.push(["Add", [`leftBy${axis}`, `rightBy${axis}`], `sum${axis}`]);
    }
    nodes.push(["Concat", [here, "sum0", "sum1"], "seen", 1]);
  }
  const next = some ? "next" : "after";
  nodes.push(
    ["Gemm", ["seen", "w1", "b1"], "sums"],
    ["Relu", ["sums"], "neurons"],
    ["Gemm", ["neurons", "w2", "b2"], "said"],
  );
  if (toward === undefined) nodes.push(["Tanh", ["said"], next]);
  else {
    feeds["scale"] = floats(Float32Array.of(scale), [1]);
    nodes.push(["Mul", ["said", "scale"], "change"], ["Add", [here, "change"], next]);
  }
  if (some) nodes.push(["ScatterND", ["state", "rows", next], "after"]);
  nodes.push(
    ["Slice", ["after", "zero", "shown"], "first"],
    ["Abs", ["first"], "sizes"],
    ["ReduceMean", ["sizes"], "result"],
  );
  return running(name, nodes, feeds, { zero: [0], shown: [SHOWN] });
}

/** What the synapses in a file of `work/synapses.ts` bring: every neuron has as many. */
export function spread(name: string, path: string): Promise<Contender> {
  const { starts, senders, strengths, x } = readArrays(path);
  const feeds = {
    x: floats(x!.data as Float32Array, x!.shape),
    senders: ints(senders!.data as Int32Array),
    strengths: floats(strengths!.data as Float32Array, strengths!.shape),
  };
  const nodes: Node[] = [
    ["Gather", ["x", "senders"], "sent"],
    ["Mul", ["sent", "strengths"], "brought"],
    ["Reshape", ["brought", "shape"], "rows"],
    ["ReduceSum", ["rows", "one"], "sums"],
    ["Slice", ["sums", "zero", "shown"], "first"],
    ["ReduceSum", ["first"], "result"],
  ];
  const sizes = { shape: [x!.shape[0]!, starts!.data[1]!], one: [1], zero: [0], shown: [SHOWN_NEURONS] };
  return running(name, nodes, feeds, sizes);
}
