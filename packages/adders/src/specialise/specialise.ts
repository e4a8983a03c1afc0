import { erf, exp, sigmoid, tanh } from "@ganglion/kernels";
import { ConfigError } from "@ganglion/tensor";
import type { Tokeniser } from "../tokens/tokeniser.ts";
import type { Plan, Weights } from "../transformer.ts";
import { emitPlace } from "./emit.ts";
import { firstPlaces, nextPlaces, projectPlaces } from "./tables.ts";
import type { Place } from "./tables.ts";

/** A transformer turned into straight-line code. */
export interface Specialised {
  /** Tokens per problem. */
  readonly length: number;
  /** Appends the answers to `n` problems, each `length` tokens long with the prompt in front. */
  run(tokens: Uint8Array, n: number): void;
  /** The same, and writes all logits, `[n, answer, logits]`. */
  observe(tokens: Uint8Array, n: number, logits: Float64Array): void;
  /** Logits per token. */
  readonly logits: number;
  /** The program. */
  readonly source: string;
}

/**
 * Evaluates beforehand whatever does not depend on the operands, and writes the rest as a program: the same operations in
 * the same order as `read` and `decode`, so the same bits. Layers before the last may mix in constants only, which is
 * worked out here and not assumed. Knows nothing of sums.
 *
 * @param tokeniser tells which tokens may stand where
 * @throws ConfigError when weights are not float64, or a layer before the last depends on more than one token
 */
export function specialise(
  plan: Plan,
  weights: Weights,
  tokeniser: Pick<Tokeniser, "prompt" | "answer" | "template">,
): Specialised {
  const { prompt, answer, template } = tokeniser;
  if (weights.embedding.dtype !== "float64") {
    throw new ConfigError("specialise", `expected float64 weights, received ${weights.embedding.dtype}`);
  }
  const places = placesBeforeLast(plan, weights, template.slice(0, prompt + answer - 1));
  const projected = projectPlaces(plan.layers.at(-1)!, weights.layers.at(-1)!, places);
  const writer = { lines: [] as string[], tables: [] as Float64Array[], known: new Map<string, number>() };
  const functions: string[] = [];
  const watching: string[] = [];
  let count = 0;
  for (let place = prompt - 1; place < prompt + answer - 1; place++) {
    writer.lines.length = 0;
    const logits = emitPlace(plan, weights, places, projected, place, writer);
    count = logits.length;
    const pick = emitArgmax(logits, place + 1);
    const see = logits.map((logit, index) => `y[p + ${(place - prompt + 1) * count + index}] = ${logit};`);
    functions.push(`function p${place}(k, o) {\n${[...writer.lines, ...pick].join("\n")}\n}`);
    watching.push(`function q${place}(k, o, y, p) {\n${[...writer.lines, ...see, ...pick].join("\n")}\n}`);
  }
  const calls = (name: string, more: string): string =>
    Array.from({ length: answer }, (_, index) => `${name}${prompt - 1 + index}(k, o${more});`).join("\n");
  const length = prompt + answer;
  const tables = writer.tables.map((_, index) => `const t${index} = tables[${index}];`);
  const source = [
    '"use strict";',
    ...tables,
    ...functions,
    ...watching,
    `return {\nrun(k, n) { for (let i = 0, o = 0; i < n; i++, o += ${length}) {\n${calls("p", "")}\n} },`,
    `observe(k, n, y) { for (let i = 0, o = 0, p = 0; i < n; i++, o += ${length}, p += ${answer * count}) {\n${calls("q", ", y, p")}\n} },\n};`,
  ].join("\n");
  // The program is written above from numbers and fixed text; nothing of a user's enters it.
  // oxlint-disable-next-line no-implied-eval, typescript/no-implied-eval
  const build = new Function("tables", "exp", "sigmoid", "tanh", "erf", source) as (
    ...given: unknown[]
  ) => Pick<Specialised, "run" | "observe">;
  return { length, logits: count, source, ...build(writer.tables, exp, sigmoid, tanh, erf) };
}

function placesBeforeLast(plan: Plan, weights: Weights, template: readonly (readonly number[])[]): Place[] {
  let places = firstPlaces(plan, weights, template);
  for (const [index, layer] of plan.layers.slice(0, -1).entries()) {
    const own = weights.layers[index]!;
    const next = nextPlaces(layer, own, places, projectPlaces(layer, own, places));
    if (next === undefined) {
      throw new ConfigError("specialise", `expected layer ${index} to mix in constants only, since it is not the last`);
    }
    places = next;
  }
  return places;
}

function emitArgmax(logits: readonly string[], target: number): string[] {
  return [
    `let b = 0;`,
    `let v = ${logits[0]!};`,
    ...logits.slice(1).map((logit, index) => `if (${logit} > v) { v = ${logit}; b = ${index + 1}; }`),
    `k[o + ${target}] = b;`,
  ];
}
