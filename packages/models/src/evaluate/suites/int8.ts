import { bernoulli, synchronous } from "@ganglion/nca";
import { heldOut } from "../../problems/heldOut.ts";
import { arithmeticOf } from "../../solve/run.ts";
import { decodeWeights, encodeWeights } from "../../weights/bytes.ts";
import type { Context } from "../context.ts";
import { keyOf, rowOf, seedOf, STEPS } from "../context.ts";
import { measure } from "../measure.ts";
import type { Row } from "../row.ts";

/**
 * The weights as trained, beside their int8 codes, on the same problems under the same order of firing; all compute in
 * float32, and the codes that ship in integers too.
 */
export function* int8(context: Context): Generator<Row> {
  const { n, operation } = context;
  const { adder, params } = context.exact ?? context.model;
  const problems = heldOut(seedOf(context, 8), n, { operation });
  for (const [precision, arithmetic] of [
    ["float32", "float32"],
    ["int8", "float32"],
    ["int8", "int8"],
    ["int8-per-tensor", "float32"],
  ] as const) {
    const bytes = encodeWeights(adder, params, { precision });
    const model = { adder, params: decodeWeights(adder, bytes), fused: context.model.fused, arithmetic };
    const size = `${precision}, ${bytes.length.toLocaleString("en")} bytes`;
    const name = arithmeticOf(model) === "int8" ? `${size}, in integers` : size;
    const key = keyOf(context, 0);
    const half = measure(model, problems, { steps: STEPS, schedule: bernoulli(0.5), key });
    yield rowOf(context, { name: `${name}, ${STEPS} steps` }, half.last);
    const all = measure(model, problems, { steps: 8, schedule: synchronous(), key });
    yield rowOf(context, { name: `${name}, synchronous, 8 steps` }, all.last);
  }
}
