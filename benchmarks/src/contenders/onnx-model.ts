import { create, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { InferenceSession, env } from "onnxruntime-web";
import type { Tensor } from "onnxruntime-web";
import { contender } from "../measure/race.ts";
import type { Contender } from "../measure/race.ts";

env.wasm.numThreads = 1;

/** Element types by their numbers in ONNX. */
const TYPES = { float32: 1, int32: 6, int64: 7 } as const;

/** A node of a graph. */
export type Node = readonly [operation: string, inputs: readonly string[], output: string, axis?: number];

/** Runs a graph that leaves `result`, of which the first element counts; `integers` are constants. */
export async function running(
  name: string,
  nodes: readonly Node[],
  feeds: Readonly<Record<string, Tensor>>,
  integers: Readonly<Record<string, readonly number[]>> = {},
): Promise<Contender> {
  const session = await InferenceSession.create(model(nodes, feeds, integers), { executionProviders: ["wasm"] });
  return contender(name, async () => {
    const { result } = await session.run(feeds);
    return (result!.data as Float32Array)[0]!;
  });
}

function model(
  nodes: readonly Node[],
  feeds: Readonly<Record<string, Tensor>>,
  integers: Readonly<Record<string, readonly number[]>>,
): Uint8Array {
  const input = ([name, { type, dims }]: readonly [string, Tensor]) => {
    const dim = dims.map((length) => ({ value: { case: "dimValue" as const, value: BigInt(length) } }));
    const elemType = TYPES[type as keyof typeof TYPES];
    return { name, type: { value: { case: "tensorType" as const, value: { elemType, shape: { dim } } } } };
  };
  const graph = {
    name: "work",
    node: nodes.map(([opType, inputs, output, axis]) => ({
      opType,
      input: [...inputs],
      output: [output],
      attribute: axis === undefined ? [] : [{ name: "axis", type: 2, i: BigInt(axis) }],
    })),
    input: Object.entries(feeds).map(input),
    output: [{ name: "result", type: { value: { case: "tensorType" as const, value: { elemType: TYPES.float32 } } } }],
    initializer: Object.entries(integers).map(([name, values]) => ({
      name,
      dims: [BigInt(values.length)],
      dataType: TYPES.int64,
      int64Data: values.map(BigInt),
    })),
  };
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, { irVersion: 8n, opsetImport: [{ domain: "", version: 17n }], graph }),
  );
}
