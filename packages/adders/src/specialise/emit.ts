import type { LayerPlan, LayerWeights, Plan, Weights } from "../transformer.ts";
import { GELU_TANH } from "../parts/mlp.ts";
import type { Activation } from "../parts/mlp.ts";
import type { Tensor } from "@ganglion/tensor";
import { lookFrom, rowsOf } from "./tables.ts";
import type { Place, Projected } from "./tables.ts";

/** What is being written; tables with the same numbers are kept once. */
export interface Writer {
  readonly lines: string[];
  readonly tables: Float64Array[];
  /** Index of each table by its contents. */
  readonly known: Map<string, number>;
}

/** Name of a table. */
function nameOf(values: Float64Array, { tables, known }: Writer): string {
  const contents = values.join();
  const index = known.get(contents) ?? tables.push(values) - 1;
  known.set(contents, index);
  return `t${index}`;
}

const digits = (x: number): string => (Object.is(x, -0) || x < 0 ? `(${x})` : String(x));

/** The last layer at one place, from tokens to logits, as straight lines over doubles. */
export function emitPlace(
  plan: Plan,
  weights: Weights,
  places: readonly Place[],
  projected: readonly Projected[],
  place: number,
  writer: Writer,
): readonly string[] {
  const layer = plan.layers.at(-1)!;
  const own = weights.layers.at(-1)!;
  const heads = Array.from({ length: layer.attention.heads }, (_, head) =>
    emitHead(layer, places, projected, place, head, writer),
  ).flat();
  const output = emitLinear(heads, own.output, own.outputBias, `o`, writer);
  const x = emitResidual(emitOwn(places[place]!, place, writer), output, layer.attention.residual, "x", writer);
  const after = emitMlp(layer, own, x, writer);
  const normed = plan.epsilon === undefined ? after : emitNorm(after, weights.norm, plan.epsilon, "f", writer);
  return weights.head === undefined ? normed : emitLinear(normed, weights.head, undefined, "l", writer);
}

/** Features of the place's own token. */
function emitOwn({ tokens, x }: Place, place: number, writer: Writer): string[] {
  const [vocabulary, , features] = x.shape as [number, number, number];
  return Array.from({ length: features }, (_, feature) => {
    const column = Float64Array.from({ length: vocabulary }, (__, token) => x.data[token * features + feature]!);
    return emitLookup(column, tokens, place, writer);
  });
}

/** A table at the token of a place, or a number when all its tokens agree. */
function emitLookup(column: Float64Array, tokens: readonly number[], place: number, writer: Writer): string {
  if (tokens.every((token) => column[token] === column[tokens[0]!])) return digits(column[tokens[0]!]!);
  return `${nameOf(column, writer)}[k[o + ${place}]]`;
}

function emitHead(
  layer: LayerPlan,
  places: readonly Place[],
  projected: readonly Projected[],
  place: number,
  head: number,
  writer: Writer,
): string[] {
  const { lines } = writer;
  const { heads, groups, weighting } = layer.attention;
  const group = Math.floor(head / (heads / groups));
  const { looks, weights } = lookFrom(layer, places, projected, place, head);
  const width = projected[0]!.values.shape.at(-1)!;
  const vocabulary = places[0]!.x.shape[0]!;
  const name = (part: string): string => `${part}${head}_`;
  if (weights === undefined) {
    for (const [index, { key, scores }] of looks.entries()) {
      const query =
        places[place]!.tokens.length === 1
          ? String(places[place]!.tokens[0]! * vocabulary)
          : `k[o + ${place}] * ${vocabulary}`;
      lines.push(`const ${name("s")}${index} = ${nameOf(scores, writer)}[${query} + k[o + ${key}]];`);
    }
    const scores = looks.map((_, index) => `${name("s")}${index}`);
    const bounds = weighting === "softmax1" ? ["0", ...scores] : scores;
    lines.push(`const ${name("m")} = Math.max(${bounds.join(", ")});`);
    for (const [index, score] of scores.entries()) {
      lines.push(`const ${name("e")}${index} = ${score} === ${name("m")} ? 1 : exp(${score} - ${name("m")});`);
    }
    const sum = looks.map((_, index) => `${name("e")}${index}`).join(" + ");
    lines.push(`const ${name("z")} = ${weighting === "softmax1" ? `exp(0 - ${name("m")}) + (${sum})` : sum};`);
    for (const [index] of looks.entries())
      lines.push(`const ${name("w")}${index} = ${name("e")}${index} / ${name("z")};`);
  }
  return Array.from({ length: width }, (_, c) => {
    const terms: string[] = [];
    for (const [index, { key }] of looks.entries()) {
      const rows = rowsOf(projected[key]!.values, group);
      const weight = weights?.[index];
      const column = Float64Array.from(rows, (row) => (weight === undefined ? row[c]! : weight * row[c]!));
      if (places[key]!.tokens.every((token) => column[token] === 0)) continue;
      const value = emitLookup(column, places[key]!.tokens, key, writer);
      terms.push(weight === undefined ? `${name("w")}${index} * ${value}` : value);
    }
    lines.push(`const ${name("a")}${c} = ${terms.length === 0 ? "0" : terms.join(" + ")};`);
    return `${name("a")}${c}`;
  });
}

function emitResidual(
  x: readonly string[],
  output: readonly string[],
  residual: LayerPlan["attention"]["residual"],
  name: string,
  { lines }: Writer,
): string[] {
  if (residual === "none") return [...output];
  const chosen = residual === "all" ? x : residual.map((feature) => x[feature]!);
  return chosen.map((feature, index) => {
    lines.push(`const ${name}${index} = ${feature} + ${output[index]!};`);
    return `${name}${index}`;
  });
}

function emitMlp(layer: LayerPlan, weights: LayerWeights, x: readonly string[], writer: Writer): readonly string[] {
  if (layer.mlp === undefined || weights.mlp === undefined) return x;
  const { activation, residual } = layer.mlp;
  const { up, upBias, gate, gateBias, down, downBias } = weights.mlp;
  const normed = layer.epsilon === undefined ? x : emitNorm(x, weights.mlpNorm, layer.epsilon, "n", writer);
  const raised = emitLinear(normed, up, upBias, "u", writer);
  const gated = gate === undefined ? raised : emitLinear(normed, gate, gateBias, "g", writer);
  const active = gated.map((unit, index) => emitActivation(unit, activation, `h${index}`, writer));
  const hidden = gate === undefined ? active : active.map((unit, index) => `(${unit} * ${raised[index]!})`);
  const output = emitLinear(hidden, down, downBias, "d", writer);
  return emitResidual(x, output, residual, "y", writer);
}

function emitActivation(unit: string, activation: Activation, name: string, { lines }: Writer): string {
  const text: Record<Activation, string> = {
    relu: `Math.max(${unit}, 0)`,
    silu: `${unit} * sigmoid(${unit})`,
    gelu: `${unit} * 0.5 * (erf(${unit} * ${Math.SQRT1_2}) + 1)`,
    geluTanh: `${unit} * 0.5 * (tanh((${unit} + ${unit} * ${GELU_TANH.cubic} * ${unit} * ${unit}) * ${GELU_TANH.scale}) + 1)`,
  };
  lines.push(`const ${name} = ${text[activation]};`);
  return name;
}

function emitNorm(
  x: readonly string[],
  weight: Tensor | undefined,
  epsilon: number,
  name: string,
  { lines }: Writer,
): string[] {
  const squares = x.map((feature) => `${feature} * ${feature}`).join(" + ");
  lines.push(`const ${name}r = Math.sqrt((${squares}) / ${x.length} + ${epsilon});`);
  return x.map((feature, index) => {
    const unit = `${feature} / ${name}r`;
    lines.push(`const ${name}${index} = ${weight === undefined ? unit : `${unit} * ${digits(weight.data[index]!)}`};`);
    return `${name}${index}`;
  });
}

/** A product with a matrix; terms with weight 0 are left out, since they add nothing. */
function emitLinear(
  x: readonly string[],
  { data, shape }: Tensor,
  bias: Tensor | undefined,
  name: string,
  { lines }: Writer,
): string[] {
  const outputs = shape[1]!;
  return Array.from({ length: outputs }, (_, output) => {
    const terms = x.flatMap((feature, input) => {
      const weight = data[input * outputs + output]!;
      return weight === 0 ? [] : weight === 1 ? [feature] : [`${feature} * ${digits(weight)}`];
    });
    const offset = bias?.data[output];
    const sum = terms.length === 0 ? "0" : terms.join(" + ");
    lines.push(`const ${name}${output} = ${offset === undefined ? sum : `${sum} + ${digits(offset)}`};`);
    return `${name}${output}`;
  });
}
