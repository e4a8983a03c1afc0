import { lotFor } from "./memory.ts";
import type { Lot } from "./memory.ts";
import { orderReference, pushReference } from "./push-reference.ts";
import type { ActiveRows, SentSynapses } from "./push-reference.ts";

/** Neurons and what they send, in the memory of the kernels. Use its arrays only as long as you hold the object. */
export interface PushTable extends ActiveRows {
  /** Takes up synapses as they are now, for any number of steps. */
  take(synapses: SentSynapses): void;
  /** One step from the first `count` neurons, which it replaces by those that are active then. @returns how many */
  step(count: number): number;
  /** Puts the strongest of the first `count` neurons first; equals stay in their order. */
  order(count: number): void;
}

/**
 * Makes a table of neurons that takes steps of spreading activation from the few that are active; it has no synapses yet.
 *
 * A step looks at the synapses of the active neurons, and once at a byte of every neuron; where many are active, steps of a `spreadTable` are faster. Sums
 * are exact: both have the same bits.
 */
export function pushTable(rows: number): PushTable {
  const table = {};
  // plan, records, neurons with a place for one that stays dark, activations alike, sums, marks, entries, places
  const sizes = [40, 16 * rows, 4 * (rows + 1), 4 * (rows + 1), 8 * rows, rows, 8 * rows, 12_288];
  const state = lotFor(table, sizes);
  const [plan, records, neurons, activations, sums, marks, entries, places] = state.at as Places;
  new Uint32Array(state.buffer, plan, 10).set([
    records,
    0,
    neurons,
    activations,
    sums,
    marks,
    rows,
    1,
    entries,
    places,
  ]);
  const active: ActiveRows = {
    neurons: new Uint32Array(state.buffer, neurons, rows),
    activations: new Float32Array(state.buffer, activations, rows),
  };
  let taken: Taken | undefined;
  return Object.assign(table, active, {
    take(synapses: SentSynapses) {
      taken = inKernel(state, synapses, taken?.room) ?? inLoops(synapses, active);
    },
    step: (count: number) => taken?.step(count) ?? 0,
    order(count: number) {
      if (state.kernels === undefined) orderReference(active, count);
      else state.kernels.order(plan, count);
    },
  });
}

type Places = [number, number, number, number, number, number, number, number];

interface Taken {
  /** Room for synapses, where kernels work on them. */
  readonly room?: Room;
  readonly step: (count: number) => number;
}

interface Room {
  readonly bytes: number;
  readonly lot: Lot;
}

function inLoops(synapses: SentSynapses, active: ActiveRows): Taken {
  const taken = {
    starts: synapses.starts.slice(),
    targets: synapses.targets.slice(),
    strengths: synapses.strengths.slice(),
    thresholds: synapses.thresholds.slice(),
    decays: synapses.decays.slice(),
  };
  return { step: (count) => pushReference(taken, active, count) };
}

/** @param room what synapses lay in before. @returns nothing when there is no room for them */
function inKernel({ kernels, at, buffer }: Lot, synapses: SentSynapses, room?: Room): Taken | undefined {
  const single = synapses.strengths instanceof Float32Array;
  // and one more: the kernel looks where the synapses of a neuron begin, even of one that has none
  const bytes = (single ? 8 : 16) * (synapses.targets.length + 1);
  const own = room !== undefined && room.bytes >= bytes ? room : roomFor(bytes);
  if (kernels === undefined || own.lot.kernels === undefined) return undefined;
  const [plan, records] = at as Places;
  const place = own.lot.at[0]!;
  fillRecords(synapses, buffer, records);
  fillEntries(synapses, own.lot.buffer, place);
  const words = new Uint32Array(buffer, plan, 10);
  words[1] = place;
  words[7] = single ? 1 : 0;
  return { room: own, step: (count) => kernels.push(plan, count) };
}

function roomFor(bytes: number): Room {
  const owner = { bytes };
  return Object.assign(owner, { lot: lotFor(owner, [bytes]) });
}

/** What is known about each neuron, in one place: first synapse, the one behind the last, threshold, decay. */
function fillRecords({ starts, thresholds, decays }: SentSynapses, buffer: ArrayBufferLike, at: number): void {
  const words = new Uint32Array(buffer, at, 4 * decays.length);
  const numbers = new Float32Array(buffer, at, 4 * decays.length);
  for (let row = 0; row < decays.length; row++) {
    words[4 * row] = starts[row]!;
    words[4 * row + 1] = starts[row + 1]!;
    numbers[4 * row + 2] = thresholds[row]!;
    numbers[4 * row + 3] = decays[row]!;
  }
}

/** Targets beside their strengths. */
function fillEntries({ targets, strengths }: SentSynapses, buffer: ArrayBufferLike, at: number): void {
  const single = strengths instanceof Float32Array;
  const stride = single ? 2 : 4;
  const words = new Uint32Array(buffer, at, stride * targets.length);
  const numbers = single ? new Float32Array(buffer, at, words.length) : new Float64Array(buffer, at, words.length / 2);
  for (let slot = 0; slot < targets.length; slot++) {
    words[stride * slot] = targets[slot]!;
    numbers[2 * slot + 1] = strengths[slot]!;
  }
}
