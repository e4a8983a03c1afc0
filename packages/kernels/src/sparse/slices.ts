import type { SpreadSynapses } from "./spread-reference.ts";

/** How the synapses of a step of spread lie in memory: in slices of eight lanes. */
export interface Slices {
  /** Rows of the lanes, `[slices, 8]`: eight rows, or eight times one long row; the number of rows where a lane is empty. */
  readonly rows: Uint32Array;
  /** First step of each slice, and the one behind the last, `[slices + 1]`; a step has an entry for each lane. */
  readonly starts: Uint32Array;
}

/** Entries of slices, in memory. */
export interface Entries {
  /** Addresses of activations, `[steps, 8]`. */
  readonly senders: Uint32Array;
  /** `[steps, 8]` */
  readonly strengths: Float32Array | Float64Array;
  /** Where what neurons send begins, in bytes, and where their activations begin. */
  readonly sent: number;
  readonly activation: number;
}

const LANES = 8;
/** Rows among which those of one length are looked for. */
const WINDOW = 1024;
/** Entries from which a row has a slice of its own. Slices of shorter rows waste less than `7 * LONG` entries in a window. */
const LONG = 128;

/**
 * Puts rows of about one length side by side: those of a window are sorted by length, long ones first, and equals stay in
 * their order.
 *
 * @param lengths entries of each row
 */
export function slicesOf(lengths: Uint32Array): Slices {
  const lanes: number[] = [];
  const starts = [0];
  for (let first = 0; first < lengths.length; first += WINDOW) {
    const short = sortedShort(lengths, first, Math.min(lengths.length, first + WINDOW), (row) => {
      for (let lane = 0; lane < LANES; lane++) lanes.push(row);
      starts.push(starts.at(-1)! + Math.ceil(lengths[row]! / LANES));
    });
    for (let place = 0; place < short.length; place += LANES) {
      for (let lane = 0; lane < LANES; lane++) lanes.push(short[place + lane] ?? lengths.length);
      starts.push(starts.at(-1)! + lengths[short[place]!]!);
    }
  }
  return { rows: Uint32Array.from(lanes), starts: Uint32Array.from(starts) };
}

/** Rows from `first` to before `end` that are not long, by falling length (counting sort). */
function sortedShort(lengths: Uint32Array, first: number, end: number, long: (row: number) => void): Uint32Array {
  const places = new Uint32Array(LONG + 1);
  for (let row = first; row < end; row++) if (lengths[row]! < LONG) places[LONG - lengths[row]!]!++;
  for (let place = 1; place <= LONG; place++) places[place]! += places[place - 1]!;
  const sorted = new Uint32Array(places[LONG]!);
  for (let row = first; row < end; row++) {
    if (lengths[row]! >= LONG) long(row);
    else sorted[places[LONG - 1 - lengths[row]!]!++] = row;
  }
  return sorted;
}

/** Entries of each row: its synapses, and one for what it keeps. */
export function lengthsOf({ starts, decays }: SpreadSynapses): Uint32Array {
  return Uint32Array.from(decays, (decay, row) => starts[row + 1]! - starts[row]! + (decay === 0 ? 0 : 1));
}

/** Writes synapses into slices; what a row keeps is a synapse from itself that has no threshold. */
export function fillSlices(slices: Slices, synapses: SpreadSynapses, entries: Entries): void {
  const { starts, senders, strengths, decays } = synapses;
  const { senders: from, strengths: carried, sent, activation } = entries;
  for (let slice = 0; slice + 1 < slices.starts.length; slice++) {
    const end = slices.starts[slice + 1]! * LANES;
    const first = slice * LANES;
    const long = slices.rows[first] === slices.rows[first + 1];
    // a long row goes through all lanes, others keep to theirs
    const [lanes, stride] = long ? [1, 1] : [LANES, LANES];
    for (let lane = 0; lane < lanes; lane++) {
      const row = slices.rows[first + lane]!;
      let at = slices.starts[slice]! * LANES + lane;
      for (let slot = starts[row]!; slot < starts[row + 1]!; slot++) {
        from[at] = sent + 4 * senders[slot]!;
        carried[at] = strengths[slot]!;
        at += stride;
      }
      if (decays[row]! > 0) {
        from[at] = activation + 4 * row;
        carried[at] = decays[row]!;
        at += stride;
      }
      for (; at < end; at += stride) {
        from[at] = activation;
        carried[at] = 0;
      }
    }
  }
}
