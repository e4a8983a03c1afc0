import type { TransformerAdder } from "../adder.ts";
import { countParameters } from "../counts/countParameters.ts";
import type { ParameterCounts } from "../counts/countParameters.ts";
import { edgeCases, hashOfCases, randomCases } from "../protocol/cases.ts";
import { evaluator, judge, margins } from "./evaluate.ts";
import type { Evaluator, SuiteResult } from "./evaluate.ts";
import { probe } from "./probes.ts";
import type { Probes } from "./probes.ts";
import { boundaryCases, carryCases } from "./suites.ts";

/** Which cases a model faces. */
export interface VerifyConfig {
  /** Seed of the random pairs; the protocol's is 2025. */
  readonly seed?: bigint;
  /** Number of random pairs; the protocol's is 10,000. */
  readonly n?: number;
}

/** What was found. */
export interface Report {
  readonly model: string;
  /** SHA-256 of the protocol's cases, edges first. */
  readonly hash: string;
  /** Random pairs and edge cases: what qualifies. */
  readonly protocol: SuiteResult;
  readonly suites: readonly SuiteResult[];
  readonly probes: Probes;
  readonly parameters: ParameterCounts;
  /** Least lead of a chosen logit over the next best, over the protocol's cases. */
  readonly margin: number;
  readonly ties: number;
  /** Sums per second on one core, a thousand at a time and one at a time. */
  readonly speed: { readonly batched: number; readonly single: number };
  /** At least 99 % of the protocol's cases are right, and no probe failed. */
  readonly qualified: boolean;
}

/** Share of the protocol's cases that qualifies. */
export const QUALIFIES = 0.99;

/** Lets a model face the protocol, the harder suites and the probes. */
export async function verify(
  adder: TransformerAdder,
  { seed = 2025n, n = 10_000 }: VerifyConfig = {},
): Promise<Report> {
  const cases = [...edgeCases, ...randomCases(n, seed)];
  const asked = evaluator(adder);
  const protocol = judge("protocol", cases, asked.answers(cases));
  const suites = [
    { name: "boundaries", pairs: boundaryCases() },
    ...carryCases(200).map((pairs, run) => ({ name: `carries ${run}`, pairs })),
  ];
  const probes = probe(adder);
  return {
    model: adder.name,
    hash: await hashOfCases(cases),
    protocol,
    suites: suites.map(({ name, pairs }) => judge(name, pairs, asked.answers(pairs))),
    probes,
    parameters: countParameters(adder.ledger),
    ...margins(asked, cases),
    speed: speedOf(asked),
    qualified: protocol.right >= QUALIFIES * protocol.cases && sound(probes),
  };
}

/** Whether the probes found a causal model that needs its attention and its own tokens. */
function sound({ causal, cachedEqualsRecomputed, withoutAttention, afterWrongTokens }: Probes): boolean {
  return causal && cachedEqualsRecomputed && withoutAttention < 0.5 && afterWrongTokens < 0.99;
}

/** Sums per second by the clock, in batches of 1,000 and one at a time; the best of a few short runs. */
export function speedOf(asked: Evaluator): Report["speed"] {
  const pairs = randomCases(1000, 3n);
  const single = pairs.map((pair) => [pair] as const);
  const best = (run: () => void): number => {
    let most = 0;
    for (let round = 0; round < 30; round++) {
      const start = performance.now();
      run();
      most = Math.max(most, (1000 * pairs.length) / (performance.now() - start));
    }
    return Math.round(most);
  };
  return {
    batched: best(() => asked.answers(pairs)),
    single: best(() => {
      for (const pair of single) asked.answers(pair);
    }),
  };
}
