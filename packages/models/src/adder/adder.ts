import { moe } from "@ganglion/moe";
import type { MoeParams } from "@ganglion/moe";
import { nca, overwrite, strip } from "@ganglion/nca";
import type { Nca } from "@ganglion/nca";
import { add, matmul } from "@ganglion/tensor";
import type { Key, Tensor } from "@ganglion/tensor";
import type { Operation, Problems } from "../problems/problems.ts";
import { embed } from "./embed.ts";
import { initialise } from "./initialise.ts";

/** What distinguishes one adder from another. */
export interface AdderConfig {
  /** Name in the registry. */
  readonly name: string;
  /** Cells it is trained on. */
  readonly cells: number;
  /** Operations it knows, at least one. */
  readonly operations: readonly Operation[];
  /** One table `[10, channels]` for both operands, or one `[10, channels / 2]` for each. */
  readonly tables: "shared" | "concatenated";
  /** Whether each cell knows where it stands; then the width is fixed. */
  readonly positions: boolean;
  /** Length of a cell's state. Default 32. */
  readonly channels?: number;
  /** Experts of the rule. Default 6. */
  readonly experts?: number;
  /** Experts asked per cell and step. Default 2. */
  readonly topK?: number;
  /** Hidden neurons of an expert. Default 32. */
  readonly hidden?: number;
  /** Weight of the balance loss in training. Default .03. */
  readonly balance?: number;
}

/** Parameters of an adder. */
export type AdderParams = {
  /** Digit tables: one `[10, channels]`, or two `[10, channels / 2]`. */
  readonly digits: readonly Tensor[];
  /** `[operations, channels]`; empty when there is one operation. */
  readonly operations: readonly Tensor[];
  /** `[cells, channels]`; empty when the strip may have any length. */
  readonly positions: readonly Tensor[];
  /** The rule that every cell follows. */
  readonly rule: MoeParams;
  /** `weight` `[channels, 10]` and `bias` `[10]`. */
  readonly readOut: { readonly weight: Tensor; readonly bias: Tensor };
};

/** An automaton that does sums: how its parameters start, what its cells see, and how its digits are read. */
export interface Adder {
  readonly config: Required<AdderConfig>;
  /** Longest operand, in digits; one cell more takes the last carry. `Infinity` without positions. */
  readonly maxDigits: number;
  /** Draws parameters. */
  init(key: Key): AdderParams;
  /**
   * What each cell sees of the problem at every step.
   *
   * @returns `[n, cells, channels]`
   */
  embed(params: AdderParams, problems: Problems): Tensor;
  /**
   * The automaton on a strip of so many cells; it is stepped with `params.rule`.
   *
   * @param config fused: whether it may run in one kernel, instead of tensor operations. Default true
   */
  automaton(cells: number, config?: { readonly fused?: boolean | undefined }): Nca<MoeParams>;
  /**
   * Scores of the ten digits in every cell.
   *
   * @param state `[..., channels]`
   * @returns `[..., 10]`
   */
  readOut(params: AdderParams, state: Tensor): Tensor;
}

/**
 * Defines an adder: a strip of cells, each seeing itself and its two neighbours, all following one mixture of experts.
 *
 * A fired cell becomes `tanh(mixture(perception))`; perception sees state plus problem, so the problem is never forgotten.
 *
 * @see Lee et al. 2023, arXiv:2307.03381 (digits in reverse); Mordvintsev et al. 2020, doi:10.23915/distill.00023
 */
export function adder(settings: AdderConfig): Adder {
  const config = { channels: 32, experts: 6, topK: 2, hidden: 32, balance: 0.03, ...settings };
  const { cells, channels, experts, topK, hidden, balance } = config;
  const deviations = { router: 0.1, w1: Math.sqrt(2 / (3 * channels)), w2: 0.3 / Math.sqrt(hidden) };
  const rule = moe({ inputs: 3 * channels, outputs: channels, experts, topK, hidden, balance, deviations });
  const automata = new Map<string, Nca<MoeParams>>();
  return {
    config,
    maxDigits: config.positions ? cells - 1 : Number.POSITIVE_INFINITY,
    init: (key) => initialise(key, config, (ruleKey) => rule.init(ruleKey)),
    embed,
    automaton(width, { fused = true } = {}) {
      const name = `${width} ${fused}`;
      const made = automata.get(name) ?? nca({ lattice: strip(width), channels, rule, update: overwrite(), fused });
      automata.set(name, made);
      return made;
    },
    readOut: (params, state) => readOut(params.readOut, state),
  };
}

/**
 * Scores of the ten digits in every cell.
 *
 * @param state `[..., channels]`
 * @returns `[..., 10]`
 */
export const readOut = ({ weight, bias }: AdderParams["readOut"], state: Tensor): Tensor =>
  add(matmul(state, weight), bias);
