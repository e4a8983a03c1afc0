import { inParts, lotFor } from "./memory.ts";
import type { SparseSimd } from "./memory.ts";
import { spreadRowsReference } from "./spread-reference.ts";
import type { SpreadOperands } from "./spread-reference.ts";

interface Resident {
  readonly kernels: SparseSimd;
  readonly plan: number;
}

const residents = new WeakMap<SpreadOperands, Resident>();

/**
 * Zeroed operands in the memory of the kernels; use their arrays only as long as you hold the object.
 *
 * @param single whether strengths are float32, which takes a third less memory to read; default false
 */
export function spreadOperands(rows: number, synapses: number, single = false): SpreadOperands {
  const width = single ? 4 : 8;
  // plan, starts, senders, strengths, activation, thresholds, decays, sent, next
  const sizes = [36, 4 * (rows + 1), 4 * synapses, width * synapses, ...Array.from({ length: 5 }, () => 4 * rows)];
  const owner = {};
  const { kernels, at, buffer } = lotFor(owner, sizes);
  const floats = (index: number): Float32Array => new Float32Array(buffer, at[index], rows);
  const operands: SpreadOperands = Object.assign(owner, {
    starts: new Uint32Array(buffer, at[1], rows + 1),
    senders: new Uint32Array(buffer, at[2], synapses),
    strengths: single ? new Float32Array(buffer, at[3], synapses) : new Float64Array(buffer, at[3], synapses),
    activation: floats(4),
    thresholds: floats(5),
    decays: floats(6),
    next: floats(8),
  });
  if (kernels !== undefined) {
    new Uint32Array(buffer, at[0], 9).set([...at.slice(1), single ? 1 : 0]);
    residents.set(operands, { kernels, plan: at[0]! });
  }
  return operands;
}

/**
 * One step of spreading activation: every neuron keeps `decay` of its activation and sums what those that are at or above
 * their thresholds send it; the sum is bounded to [0, 1].
 *
 * What a synapse carries is rounded to a multiple of 2^-32 first, so sums are exact and do not depend on their order: SIMD and any number of threads give the bits of the reference.
 *
 * @param operands from {@link spreadOperands}, or ordinary arrays, which the plain loop takes
 */
export function spreadRows(operands: SpreadOperands): void {
  const resident = residents.get(operands);
  if (resident === undefined) return spreadRowsReference(operands);
  const { kernels, plan } = resident;
  const { next, senders, starts } = operands;
  kernels.fire(plan, next.length);
  inParts("spreadRows", plan, senders.length, (parts) => evenly(starts, parts));
}

/** Rows at which the synapses are cut into parts of about one length. */
function evenly(starts: Uint32Array, parts: number): number[] {
  const rows = starts.length - 1;
  const cuts = [0];
  for (let part = 1; part < parts; part++) {
    const wanted = (starts[rows]! * part) / parts;
    let [low, high] = [cuts[part - 1]!, rows];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    cuts.push(low);
  }
  return [...cuts, rows];
}
