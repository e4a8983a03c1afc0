import { Tensor } from "onnxruntime-web";
import { numbers } from "../work/numbers.ts";
import { STATE, UPDATES, updateShapes, updatesData } from "../work/updates.ts";
import { cells as stepOfCells, spread } from "./onnx-cells.ts";
import { running } from "./onnx-model.ts";
import type { Node } from "./onnx-model.ts";
import type { Peer } from "./peer.ts";

const name = "onnxruntime-web, 1 thread";

/** It has no gradients, so it stands in rows without training only. */
export const onnx: Peer = {
  name,
  async matmul(m, n, k) {
    const [a, b] = [numbers(m * k, 1, 21), numbers(k * n, 1, 22)];
    const feeds = { a: new Tensor("float32", a, [m, k]), b: new Tensor("float32", b, [k, n]) };
    return running(name, [["MatMul", ["a", "b"], "result"]], feeds);
  },
  async forward() {
    const { state, target, ...weights } = updatesData();
    const feeds: Record<string, Tensor> = {
      s0: new Tensor("float32", state, STATE),
      target: new Tensor("float32", target, STATE),
    };
    for (const key of ["w1", "b1", "w2", "b2"] as const) {
      feeds[key] = new Tensor("float32", weights[key], updateShapes[key]);
    }
    return running(name, updateNodes(), feeds, constants);
  },
  ring: (file) => stepOfCells(name, file),
  mesh: (file) => stepOfCells(name, file),
  spread: (file) => spread(name, file),
};

const { batch, cells, channels, seen, steps } = UPDATES;
const constants: Record<string, readonly number[]> = {
  zero: [0],
  one: [1],
  last: [cells - 1],
  end: [cells],
  rows: [batch * cells, seen],
  state: [batch, cells, channels],
};

function updateNodes(): Node[] {
  const nodes: Node[] = [];
  for (let step = 0; step < steps; step++) {
    const at = (what: string): string => `${what}${step}`;
    const state = at("s");
    nodes.push(
      ["Slice", [state, "last", "end", "one"], at("tail")],
      ["Slice", [state, "zero", "last", "one"], at("most")],
      ["Concat", [at("tail"), at("most")], at("left"), 1],
      ["Slice", [state, "one", "end", "one"], at("rest")],
      ["Slice", [state, "zero", "one", "one"], at("head")],
      ["Concat", [at("rest"), at("head")], at("right"), 1],
      ["Concat", [at("left"), state, at("right")], at("near"), 2],
      ["Reshape", [at("near"), "rows"], at("perception")],
      ["MatMul", [at("perception"), "w1"], at("product")],
      ["Add", [at("product"), "b1"], at("sum")],
      ["Relu", [at("sum")], at("hidden")],
      ["MatMul", [at("hidden"), "w2"], at("output")],
      ["Add", [at("output"), "b2"], at("change")],
      ["Reshape", [at("change"), "state"], at("shaped")],
      ["Add", [state, at("shaped")], `s${step + 1}`],
    );
  }
  nodes.push(["Sub", [`s${steps}`, "target"], "difference"], ["Mul", ["difference", "difference"], "squares"]);
  return [...nodes, ["ReduceMean", ["squares"], "result"]];
}
