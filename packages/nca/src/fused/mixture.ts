import { automatonProgram } from "@ganglion/kernels";
import type {
  AutomatonCotangents,
  AutomatonGradients,
  AutomatonResult,
  AutomatonRun,
  AutomatonShape,
  MixtureWeights,
} from "@ganglion/kernels";
import { type Tensor, type Tree, customGradient, fromData, key, tensor, vjp } from "@ganglion/tensor";
import { firedCount } from "../firing.ts";
import { rollout } from "../rollout.ts";
import type { FusedMixture, FusedWeights } from "../rule.ts";
import type { Parts, StepResult } from "../step.ts";
import { Engine } from "./engine.ts";
import type { Fused, FusedRolloutOptions } from "./fused.ts";
import { fits, isTracked, known, leavesOf, statesIn, weightsIn } from "./leaves.ts";

type MixtureEngine = Engine<MixtureWeights, AutomatonRun, AutomatonResult, AutomatonCotangents, AutomatonGradients>;

/** What flows through a gradient: states, and the sums of the losses over the steps in which cells fired. */
type Differentiable = { readonly states: readonly Tensor[]; readonly balance: Tensor; readonly z: Tensor };

const NAMES = ["routerWeight", "routerBias", "w1", "b1", "w2", "b2"] as const;

/** The kernel for a mixture of experts whose output overwrites a cell, on any lattice. */
export function fuseMixture<P extends Tree>(parts: Parts<P>, fused: FusedMixture<P>): Fused<P> | undefined {
  const { lattice, channels, update } = parts;
  if (update.fused !== "tanh") return undefined;
  const { hidden, experts, topK } = fused;
  const { cells, neighbours, edges } = lattice;
  const neighbourhood = neighbours.length / cells;
  const shape: AutomatonShape = { cells, neighbourhood, neighbours, edges, channels, hidden, experts, topK };
  const engine: MixtureEngine = new Engine(() => automatonProgram(shape));
  return {
    step(params, state, { inputs: added, fired }) {
      const leaves = leavesOf(NAMES, fused.weights(params), state, added);
      if (!fits(leaves) || leaves.some(isTracked)) return undefined;
      const { balance, z } = fused.losses;
      const losses = balance > 0 || z > 0;
      const run = { batch: state.shape[0]!, masks: [fired], losses, choices: true };
      const done = engine.run(weightsIn(NAMES, leaves), { ...run, ...statesIn(NAMES, leaves) });
      return {
        state: fromData(done.states[0]!, state.shape),
        losses: { balance: tensor(balance * done.balance[0]!), z: tensor(z * done.z[0]!) },
        info: infosOf(done, topK)[0]!,
      };
    },
    rollout(params, initial, options) {
      const leaves = leavesOf(NAMES, fused.weights(params), initial, options.inputs);
      if (!fits(leaves)) return undefined;
      return rollOut({ ...parts, fused: undefined }, fused, engine, leaves, options);
    },
  };
}

function rollOut<P extends Tree>(
  parts: Parts<P>,
  fused: FusedMixture<P>,
  engine: MixtureEngine,
  leaves: readonly Tensor[],
  { keep = false, lend = false, losses: wanted = true, masks }: FusedRolloutOptions,
): ReturnType<Fused<P>["rollout"]> {
  const { balance, z } = fused.losses;
  const [first] = leaves as [Tensor];
  const fired = masks.map(firedCount);
  const firing = fired.filter((count) => count > 0).length;
  const losses = wanted && (balance > 0 || z > 0);
  const tape = leaves.some(isTracked);
  let done: AutomatonResult | undefined;
  const through = customGradient<Differentiable>((...plain) => {
    if (plain.some(isTracked)) return twice(plain);
    const run: AutomatonRun = {
      batch: first.shape[0]!,
      masks,
      keep,
      lend,
      losses,
      choices: keep,
      tape,
      ...statesIn(NAMES, plain),
    };
    const weights = weightsIn(NAMES, plain);
    const result = engine.run(weights, run);
    done = result;
    return {
      value: {
        states: result.states.map((state) => fromData(state, first.shape)),
        balance: tensor(balance * meanOf(result.balance, firing)),
        z: tensor(z * meanOf(result.z, firing)),
      },
      pullback: (cotangent) => {
        const states = cotangent.states.map(({ data }) => data as Float32Array);
        const each = new Float32Array(masks.length);
        const gradients = engine.backward(weights, run, {
          states,
          balance: each.map(() => (cotangent.balance.item() * balance) / firing),
          z: each.map(() => (cotangent.z.item() * z) / firing),
        });
        const added = plain.length > NAMES.length + 1 ? [gradients.inputs] : [];
        const values = [gradients.state, ...NAMES.map((name) => gradients[name]), ...added];
        return values.map((data, index) => fromData(data, plain[index]!.shape));
      },
    };
  });
  const { states, ...lost } = through(...leaves);
  return {
    state: states.at(-1) ?? first,
    ...(keep && { states, infos: infosOf(done!, fused.topK) }),
    losses: wanted && firing > 0 ? lost : {},
    fired: fired.reduce((sum, count) => sum + count, 0),
  };

  /** A gradient of a gradient goes through tensor operations. */
  function twice(tracked: readonly Tensor[]): {
    value: Differentiable;
    pullback: (cotangent: Differentiable) => readonly Tensor[];
  } {
    return vjp(([state, ...rest]: readonly Tensor[]): Differentiable => {
      const weights = Object.fromEntries(NAMES.map((name, index) => [name, rest[index]!])) as unknown as FusedWeights;
      const inputs = rest[NAMES.length];
      const options = {
        steps: masks.length,
        key: key(0),
        schedule: known(masks),
        keep,
        losses,
        ...(inputs && { inputs }),
      };
      const result = rollout(parts, fused.params(weights), state!, options);
      const none = tensor(0);
      return {
        states: "states" in result ? result.states : [result.state],
        balance: result.losses["balance"] ?? none,
        z: result.losses["z"] ?? none,
      };
    }, tracked);
  }
}

/** Experts and gates of each step, as the rule gives them; empty for a step without firing. */
function infosOf({ choices }: AutomatonResult, topK: number): StepResult["info"][] {
  return choices.map(({ experts, gates }): StepResult["info"] => {
    if (experts.length === 0) return {};
    const shape = [experts.length / topK, topK];
    return { experts: fromData(experts, shape), gates: fromData(gates, shape) };
  });
}

const meanOf = (values: Float32Array, count: number): number =>
  count === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / count;
