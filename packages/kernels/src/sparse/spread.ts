import { inParts, lotFor } from "./memory.ts";
import type { Lot } from "./memory.ts";
import { fillSlices, lengthsOf, slicesOf } from "./slices.ts";
import { spreadReference } from "./spread-reference.ts";
import type { SpreadState, SpreadSynapses } from "./spread-reference.ts";

/** Neurons and their synapses in the memory of the kernels. Use its arrays only as long as you hold the object. */
export interface SpreadTable extends SpreadState {
  /** Takes up synapses as they are now, for any number of steps. */
  take(synapses: SpreadSynapses): void;
  /** One step, from `activation` to `next`. */
  step(): void;
}

/**
 * Makes a table of neurons that takes steps of spreading activation; it has no synapses yet.
 *
 * Synapses lie in slices, eight rows of about one length side by side, so that short rows run in SIMD like long ones. Sums
 * are exact: steps have the bits of {@link spreadReference}, whatever the number of threads.
 */
export function spreadTable(rows: number): SpreadTable {
  const table = {};
  // plan, activation, next with a place for lanes without a row, thresholds, sent
  const state = lotFor(table, [36, 4 * rows, 4 * (rows + 1), 4 * rows, 4 * rows]);
  const arrays: SpreadState = {
    activation: new Float32Array(state.buffer, state.at[1], rows),
    next: new Float32Array(state.buffer, state.at[2], rows),
  };
  const stepper = state.kernels === undefined ? undefined : inSlices(state, rows);
  let step: Step | undefined;
  return Object.assign(table, arrays, {
    take(synapses: SpreadSynapses) {
      step = stepper?.(synapses) ?? inLoops(synapses, arrays);
    },
    step: () => step?.(),
  });
}

type Step = () => void;

function inLoops({ starts, senders, strengths, thresholds, decays }: SpreadSynapses, state: SpreadState): Step {
  const taken = {
    starts: starts.slice(),
    senders: senders.slice(),
    strengths: strengths.slice(),
    thresholds: thresholds.slice(),
    decays: decays.slice(),
  };
  return () => spreadReference(taken, state);
}

/** @returns takes synapses up, unless there is no room for them */
function inSlices({ kernels, at, buffer }: Lot, rows: number): (synapses: SpreadSynapses) => Step | undefined {
  const [plan, activation, next, thresholds, sent] = at as [number, number, number, number, number];
  const words = new Uint32Array(buffer, plan, 9);
  const held = new Float32Array(buffer, thresholds, rows);
  let room: Room | undefined;
  return (synapses) => {
    const { senders, strengths } = synapses;
    const slices = slicesOf(lengthsOf(synapses));
    const single = strengths instanceof Float32Array;
    const steps = slices.starts.at(-1)!;
    // starts, rows, senders, strengths
    const sizes = [slices.starts.length, slices.rows.length, 8 * steps, (single ? 8 : 16) * steps].map((n) => 4 * n);
    room = room !== undefined && sizes.every((size, i) => size <= room!.sizes[i]!) ? room : roomFor(sizes);
    if (room.lot.kernels === undefined) return undefined;
    const { at: places, buffer: there } = room.lot;
    const silent = synapses.thresholds.some((threshold) => !(threshold <= 0));
    held.set(synapses.thresholds);
    new Uint32Array(there, places[0], slices.starts.length).set(slices.starts);
    new Uint32Array(there, places[1], slices.rows.length).set(slices.rows);
    fillSlices(slices, synapses, {
      senders: new Uint32Array(there, places[2], 8 * steps),
      strengths: single ? new Float32Array(there, places[3], 8 * steps) : new Float64Array(there, places[3], 8 * steps),
      // where nobody has a threshold, activations are what is sent
      sent: silent ? sent : activation,
      activation,
    });
    return () => {
      words.set([...places, activation, thresholds, sent, next, single ? 1 : 0]);
      if (silent) kernels!.fire(plan, rows);
      inParts("spreadSlices", plan, senders.length, (parts) => evenly(slices.starts, parts));
    };
  };
}

/** Memory for slices, which lasts as long as somebody holds the object. */
interface Room {
  readonly sizes: readonly number[];
  readonly lot: Lot;
}

function roomFor(sizes: readonly number[]): Room {
  const room = { sizes };
  return Object.assign(room, { lot: lotFor(room, sizes) });
}

/** Slices at which the steps are cut into parts of about one length. */
function evenly(starts: Uint32Array, parts: number): number[] {
  const slices = starts.length - 1;
  const cuts = [0];
  for (let part = 1; part < parts; part++) {
    const wanted = (starts[slices]! * part) / parts;
    let [low, high] = [cuts[part - 1]!, slices];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    cuts.push(low);
  }
  return [...cuts, slices];
}
