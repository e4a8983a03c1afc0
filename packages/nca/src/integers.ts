import { type IntegerResult, type IntegerWeights, integerProgram } from "@ganglion/kernels";
import { ConfigError, type Tensor, type Tree, fromData } from "@ganglion/tensor";
import { checkProbability } from "./check.ts";
import type { Nca } from "./nca.ts";
import { type KeptRollout, type Rollout, type RolloutOptions, checkRollout, masksOf } from "./rollout.ts";
import type { StepResult } from "./step.ts";

/** How a roll-out in integers runs; there are no losses. */
export interface IntegerRolloutOptions extends Omit<RolloutOptions, "losses"> {
  /**
   * A cell that the schedule asks fires only if something it sees has moved by more than this since it last fired, in
   * [0, 1]. Default: whenever it is asked.
   */
  readonly news?: number | undefined;
}

/** What a roll-out in integers returns with `keep: true`. */
export interface KeptIntegerRollout extends KeptRollout {
  /** Who fired in each step, 1 or 0, `[batch * cells]`. */
  readonly masks: readonly Uint8Array[];
}

/** An automaton that computes in integers: one set of weights, no gradients. */
export interface IntegerNca {
  /**
   * Many steps under a schedule.
   *
   * @param state float32 `[batch, cells, channels]`, in [-1, 1]; what exceeds that is seen no larger than `inputRange` allows
   * @throws ShapeError when state or inputs do not fit
   * @throws ConfigError when `steps`, `start` or `first` is not a count, or `news` not in [0, 1]
   */
  rollout(state: Tensor, options: IntegerRolloutOptions & { readonly keep: true }): KeptIntegerRollout;
  rollout(state: Tensor, options: IntegerRolloutOptions): Rollout;
}

/**
 * The automaton with int8 weights and states as codes of 16 bits, for inference: exact integer sums, the same on every machine.
 *
 * It comes as close to `model.rollout` as the codes of the weights to the weights.
 *
 * @param weights codes with a scale for each column, and the size of the largest input
 * @throws ConfigError when the rule is no mixture of perceptrons with ReLU, the update does not overwrite with tanh, or cells do not see single cells
 * @see Jacob et al. 2018, arXiv:1712.05877
 */
export function integerNca<P extends Tree>(model: Nca<P>, weights: IntegerWeights): IntegerNca {
  const { lattice, channels, rule, update } = model;
  const { fused } = rule;
  const { cells, neighbourhood, neighbours } = lattice;
  if (fused?.kind !== "mixture" || update.fused !== "tanh" || lattice.edges !== undefined) {
    throw new ConfigError(
      "integerNca",
      "expected a mixture of experts with relu and the update overwrite on a strip or a ring, received something else. Use model.rollout?",
    );
  }
  const { hidden, experts, topK } = fused;
  const program = integerProgram({ cells, neighbourhood, neighbours, channels, hidden, experts, topK });
  program.load(weights);
  return {
    rollout(state: Tensor, options: IntegerRolloutOptions): Rollout & KeptIntegerRollout {
      const { inputs, keep = false, news, schedule = model.schedule } = options;
      checkRollout("rollout", model, state, options);
      if (news !== undefined) checkProbability("rollout", "news", news);
      const result = program.run({
        batch: state.shape[0]!,
        state: singles(state),
        inputs: inputs && singles(inputs),
        masks: masksOf(state, { ...options, schedule }),
        threshold: news,
        keep,
        choices: keep,
      });
      return {
        state: fromData(result.state, state.shape),
        losses: {},
        fired: result.fired,
        states: result.states.map((data) => fromData(data, state.shape)),
        infos: infosOf(result, topK),
        masks: result.choices.map(({ fired }) => fired),
      };
    },
  };
}

/** Experts and gates of each step, as the rule gives them; empty for a step without firing. */
function infosOf({ choices }: IntegerResult, topK: number): StepResult["info"][] {
  return choices.map(({ experts, gates }): StepResult["info"] => {
    if (experts.length === 0) return {};
    const shape = [experts.length / topK, topK];
    return { experts: fromData(experts, shape), gates: fromData(gates, shape) };
  });
}

/** Elements as float32, without a copy where they are. */
const singles = ({ data }: Tensor): Float32Array => (data instanceof Float32Array ? data : new Float32Array(data));
