import { create, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { InferenceSession, Tensor, env } from "onnxruntime-web";
import { contender } from "../measure/race.ts";
import { numbers } from "../work/numbers.ts";
import { STATE, UPDATES, updateShapes, updatesData } from "../work/updates.ts";
import type { Peer } from "./peer.ts";

env.wasm.numThreads = 1;

const name = "onnxruntime-web, 1 thread";
const FLOAT = 1;
const INT64 = 7;

/** It has no gradients, so it stands in rows without training only. */
export const onnx: Peer = {
  name,
  async matmul(m, n, k) {
    const [a, b] = [numbers(m * k, 1, 21), numbers(k * n, 1, 22)];
    const bytes = model([["MatMul", ["a", "b"], "result"]], { a: [m, k], b: [k, n] });
    return running(bytes, { a: new Tensor("float32", a, [m, k]), b: new Tensor("float32", b, [k, n]) });
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
    const shapes = Object.fromEntries(Object.entries(feeds).map(([key, { dims }]) => [key, dims]));
    return running(model(updateNodes(), shapes, constants), feeds);
  },
};

async function running(bytes: Uint8Array, feeds: Record<string, Tensor>) {
  const session = await InferenceSession.create(bytes, { executionProviders: ["wasm"] });
  return contender(name, async () => {
    const { result } = await session.run(feeds);
    return (result!.data as Float32Array)[0]!;
  });
}

type Node = readonly [operation: string, inputs: readonly string[], output: string, axis?: number];

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

/** A graph of float32 tensors that leaves `result`. */
function model(
  nodes: readonly Node[],
  inputs: Record<string, readonly number[]>,
  integers: Record<string, readonly number[]> = {},
): Uint8Array {
  const float = (name: string, shape: readonly number[]) => {
    const dim = shape.map((length) => ({ value: { case: "dimValue" as const, value: BigInt(length) } }));
    return { name, type: { value: { case: "tensorType" as const, value: { elemType: FLOAT, shape: { dim } } } } };
  };
  const graph = {
    name: "work",
    node: nodes.map(([opType, input, output, axis]) => ({
      opType,
      input: [...input],
      output: [output],
      attribute: axis === undefined ? [] : [{ name: "axis", type: 2, i: BigInt(axis) }],
    })),
    input: Object.entries(inputs).map(([name, shape]) => float(name, shape)),
    output: [{ name: "result", type: { value: { case: "tensorType" as const, value: { elemType: FLOAT } } } }],
    initializer: Object.entries(integers).map(([name, values]) => ({
      name,
      dims: [BigInt(values.length)],
      dataType: INT64,
      int64Data: values.map(BigInt),
    })),
  };
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, { irVersion: 8n, opsetImport: [{ domain: "", version: 17n }], graph }),
  );
}
