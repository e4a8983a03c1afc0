/** Memory from which commands read, and to which they write, outside a machine. */
export type Slot = Float32Array | Uint8Array;

/** An instance of the kernels. */
export interface Machine {
  readonly memory: WebAssembly.Memory;
  readonly calls: readonly Kernel[];
  /** Its first element counts up while work goes on. */
  readonly pulse: Int32Array;
}

export type Kernel = (...addresses: readonly (number | undefined)[]) => unknown;

/**
 * Carries out the commands between two places of a script (see `Script`).
 *
 * Threads get the text of this function, so it must not refer to anything outside itself.
 */
export function execute(
  { memory, calls, pulse }: Machine,
  script: Int32Array,
  from: number,
  to: number,
  slots: readonly Slot[],
): void {
  const floats = new Float32Array(memory.buffer);
  const words = new Int32Array(memory.buffer);
  const bytes = new Uint8Array(memory.buffer);
  for (let at = from; at < to; at += script[at + 1]!) {
    const a = script[at + 2]!;
    const b = script[at + 3]!;
    const c = script[at + 4]!;
    const d = script[at + 5]!;
    const e = script[at + 6]!;
    const f = script[at + 7]!;
    const operation = script[at];
    if (operation === 0) {
      // words: address, words
      for (let i = 3; i < script[at + 1]!; i++) words[a + i - 3] = script[at + i]!;
    } else if (operation === 1) {
      // bytes: slot, offset, length, address
      bytes.set(slots[a]!.subarray(b, b + c), d);
    } else if (operation === 2) {
      // rows in: slot, offset, width, address, width there, rows
      const slot = slots[a]!;
      if (c === e) floats.set(slot.subarray(b, b + c * f), d);
      else for (let i = 0; i < f; i++) for (let j = 0; j < c; j++) floats[d + i * e + j] = slot[b + i * c + j]!;
    } else if (operation === 3) {
      // rows out, with the same arguments
      const slot = slots[a]!;
      if (c === e) slot.set(floats.subarray(d, d + c * f), b);
      else for (let i = 0; i < f; i++) for (let j = 0; j < c; j++) slot[b + i * c + j] = floats[d + i * e + j]!;
    } else if (operation === 4) {
      // zeros: address, length
      floats.fill(0, a, a + b);
    } else if (operation === 5) {
      // sums: address, address, address of the results, length
      for (let i = 0; i < d; i++) floats[c + i] = floats[a + i]! + floats[b + i]!;
    } else {
      // call: kernel, its arguments
      calls[a]!(b, c, d, e, f);
      pulse[0]!++;
    }
  }
}
