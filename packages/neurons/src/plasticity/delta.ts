import { checkFinite, checkRange } from "../check.ts";
import { activationOf } from "../spread/active.ts";
import type { Active } from "../spread/active.ts";
import type { NeuronGraph } from "../store/graph.ts";
import type { Trace } from "../trace/trace.ts";
import { grow, nudge, plain, relationCode } from "./change.ts";
import type { Bounds, Change, Smoothing } from "./change.ts";

/** Settings of rules that correct an error. */
export interface DeltaConfig {
  /** Default 0.1. */
  readonly rate?: number;
  /** Relation of the synapses that learn; those that are missing grow. Default "related_to". */
  readonly relation?: string;
  /** Bounds of the weights. Default [-Infinity, Infinity]. */
  readonly low?: number;
  readonly high?: number;
  /** Default {@link plain}. */
  readonly smoothing?: Smoothing;
  readonly trace?: Trace;
}

/**
 * The delta rule: moves what leads from active neurons to a target by `rate * activation * (wanted - got)`.
 *
 * Only the two ends of a synapse decide its change; no error passes through another neuron.
 *
 * @param pre neurons that were active before
 * @param errors `wanted - got` per target neuron
 * @throws GraphError when a target or the relation does not exist, ConfigError for a setting out of range
 * @see Widrow & Hoff 1960
 */
export function delta(
  graph: NeuronGraph,
  pre: Active,
  errors: Iterable<readonly [target: number, error: number]>,
  config: DeltaConfig = {},
): Change {
  const { rate = 0.1, low = -Infinity, high = Infinity, smoothing = plain, trace } = config;
  checkRange("delta", "rate", rate, 0, Infinity);
  const relation = relationCode(graph, "delta", config.relation ?? "related_to");
  const bounds: Bounds = { low, high };
  let [changed, grown] = [0, 0];
  for (const [to, error] of errors) {
    graph.check("delta", to);
    checkFinite("delta", `the error of neuron ${to}`, error);
    if (error === 0) continue;
    for (const [place, from] of pre.neurons.entries()) {
      if (from === to) continue;
      const where = { from, to, relation };
      const step = smoothing(where, rate * pre.activations[place]! * error);
      const slot = graph.records.find(from, to, relation);
      if (slot !== undefined) changed += nudge(graph, where, slot, step, bounds) ? 1 : 0;
      else if (step !== 0) grown += grow(graph, where, Math.min(high, Math.max(low, step))) ? 1 : 0;
    }
  }
  trace?.add({ kind: "learn", rule: "delta", changed, grown });
  return { changed, grown };
}

/**
 * The perceptron rule: where another neuron wins than the one that should, the right one gains and the wrong one loses.
 *
 * @param pre neurons that were active before
 * @param outcome what they led to; ties and silence go to the first of `outputs`
 * @param outputs neurons among which the strongest is the answer
 * @param target the one that should win
 * @returns the answer, and what changed
 * @see Rosenblatt 1958, doi:10.1037/h0042519
 */
export function perceptron(
  graph: NeuronGraph,
  pre: Active,
  outcome: Active,
  outputs: readonly number[],
  target: number,
  config: DeltaConfig = {},
): Change & { readonly answer: number } {
  let answer = outputs[0]!;
  for (const output of outputs) if (activationOf(outcome, output) > activationOf(outcome, answer)) answer = output;
  if (answer === target) return { answer, changed: 0, grown: 0 };
  const errors = [
    [target, 1],
    [answer, -1],
  ] as const;
  return { answer, ...delta(graph, pre, errors, config) };
}
