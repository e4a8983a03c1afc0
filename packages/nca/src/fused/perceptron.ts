import { meshProgram } from "@ganglion/kernels";
import type { MeshGradients, MeshRun, MeshShape, MeshWeights } from "@ganglion/kernels";
import { type Tensor, type Tree, customGradient, fromData, key, vjp } from "@ganglion/tensor";
import { firedCount } from "../firing.ts";
import { rollout } from "../rollout.ts";
import type { FusedPerceptron } from "../rule.ts";
import type { Parts } from "../step.ts";
import { Engine } from "./engine.ts";
import type { Fused, FusedRolloutOptions } from "./fused.ts";
import { fits, isTracked, known, leavesOf, statesIn, weightsIn } from "./leaves.ts";

type MeshEngine = Engine<MeshWeights, MeshRun, readonly Float32Array[], readonly Float32Array[], MeshGradients>;

const NAMES = ["w1", "b1", "w2", "b2"] as const;

/** The kernel for a perceptron, on any lattice. */
export function fusePerceptron<P extends Tree>(parts: Parts<P>, fused: FusedPerceptron<P>): Fused<P> | undefined {
  const { lattice, channels, update } = parts;
  if (update.fused === undefined) return undefined;
  const { cells, neighbours, edges } = lattice;
  const { hidden, activation } = fused;
  const copies = neighbours.length / cells;
  const shape: MeshShape = { cells, channels, hidden, neighbours, copies, edges, activation, update: update.fused };
  const engine: MeshEngine = new Engine(() => meshProgram(shape));
  return {
    step(params, state, { inputs, fired }) {
      const leaves = leavesOf(NAMES, fused.weights(params), state, inputs);
      if (!fits(leaves) || leaves.some(isTracked)) return undefined;
      const [next] = engine.run(weightsIn(NAMES, leaves), {
        batch: state.shape[0]!,
        masks: [fired],
        ...statesIn(NAMES, leaves),
      });
      return { state: fromData(next!, state.shape), losses: {}, info: {} };
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
  fused: FusedPerceptron<P>,
  engine: MeshEngine,
  leaves: readonly Tensor[],
  { keep = false, masks }: FusedRolloutOptions,
): ReturnType<Fused<P>["rollout"]> {
  const [first] = leaves as [Tensor];
  const tape = leaves.some(isTracked);
  const through = customGradient<readonly Tensor[]>((...plain) => {
    if (plain.some(isTracked)) return twice(plain);
    const run: MeshRun = { batch: first.shape[0]!, masks, keep, tape, ...statesIn(NAMES, plain) };
    const weights = weightsIn(NAMES, plain);
    return {
      value: engine.run(weights, run).map((state) => fromData(state, first.shape)),
      pullback: (cotangents) => {
        const given = cotangents.map(({ data }) => data as Float32Array);
        const gradients = engine.backward(weights, run, given);
        const values = [gradients.state, ...NAMES.map((name) => gradients[name]), gradients.inputs];
        return plain.map(({ shape }, index) => fromData(values[index]!, shape));
      },
    };
  });
  const states = through(...leaves);
  return {
    state: states.at(-1) ?? first,
    ...(keep && { states, infos: masks.map(() => ({})) }),
    losses: {},
    fired: masks.reduce((sum, mask) => sum + firedCount(mask), 0),
  };

  /** A gradient of a gradient goes through tensor operations. */
  function twice(tracked: readonly Tensor[]): {
    value: readonly Tensor[];
    pullback: (cotangents: readonly Tensor[]) => readonly Tensor[];
  } {
    return vjp(([state, w1, b1, w2, b2, inputs]: readonly Tensor[]): readonly Tensor[] => {
      const params = fused.params({ w1: w1!, b1: b1!, w2: w2!, b2: b2! });
      const options = { steps: masks.length, key: key(0), schedule: known(masks), keep, ...(inputs && { inputs }) };
      const result = rollout(parts, params, state!, options);
      return "states" in result ? result.states : [result.state];
    }, tracked);
  }
}
