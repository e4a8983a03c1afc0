import { jit, nn, numpy as np, tree } from "@jax-js/jax";
import { contender } from "../measure/race.ts";
import type { Contender } from "../measure/race.ts";
import { readArrays } from "../work/arrays.ts";
import { CELLS, SHOWN } from "../work/cells.ts";
import { SHOWN as SHOWN_NEURONS } from "../work/synapses.ts";

type Arrays = Record<string, np.Array>;

const { channels, scale } = CELLS;

/** The arrays of a file, masks as truth values. */
function open(path: string): Arrays {
  const arrays = Object.entries(readArrays(path)).map(([name, { data, shape }]) => {
    const array =
      data instanceof Uint8Array
        ? np.array(Array.from(data, (byte) => byte !== 0)).reshape([...shape, 1])
        : np.array(data as Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>, { shape: [...shape] });
    return [name, array] as const;
  });
  return Object.fromEntries(arrays);
}

/**
 * One step of the cells in a file of `work/cells.ts`. All cells are computed, since shapes must be known; those that do not
 * fire stay as they were.
 */
export function cells(name: string, path: string): Contender {
  const given = open(path);
  const count = given["mask"]!.shape[0]!;
  const step = jit(({ w1, b1, w2, b2, state, mask, near, toward }: Arrays) => {
    const seen = near === undefined ? around(state!.ref) : alongEdges(state!.ref, near, toward!, count);
    const said = np.dot(nn.relu(np.dot(seen, w1!).add(b1!)), w2!).add(b2!);
    const next = near === undefined ? np.tanh(said) : state!.ref.add(said.mul(scale));
    return np.where(mask!, next, state!);
  });
  return contender(name, async () => {
    const shown = np.abs(step(tree.ref(given)).slice([0, SHOWN])).mean();
    return (await shown.data())[0]!;
  });
}

/** Left, itself, right. */
function around(state: np.Array): np.Array {
  return np.concatenate([np.roll(state.ref, 1, 0), state.ref, np.roll(state, -1, 0)], 1);
}

/** Itself, and the sums over its two edges, weighted by each axis of their directions. */
function alongEdges(state: np.Array, near: np.Array, toward: np.Array, count: number): np.Array {
  const neighbours = np.take(state.ref, near.reshape([2 * count]), 0).reshape([count, 2, 1, channels]);
  const sums = neighbours.mul(toward.reshape([count, 2, 2, 1])).sum(1);
  return np.concatenate([state, sums.reshape([count, 2 * channels])], 1);
}

/** What the synapses in a file of `work/synapses.ts` bring: every neuron has as many. */
export function spread(name: string, path: string): Contender {
  const { starts, senders, strengths, x } = readArrays(path);
  const neurons = x!.shape[0]!;
  const each = starts!.data[1]!;
  const operands = {
    senders: np.array(senders!.data as Int32Array<ArrayBuffer>),
    strengths: np.array(strengths!.data as Float32Array<ArrayBuffer>),
    x: np.array(x!.data as Float32Array<ArrayBuffer>),
  };
  const step = jit((given: typeof operands) =>
    np.take(given.x, given.senders).mul(given.strengths).reshape([neurons, each]).sum(1),
  );
  return contender(name, async () => (await step(tree.ref(operands)).slice([0, SHOWN_NEURONS]).sum().data())[0]!);
}
