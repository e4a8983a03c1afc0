import { MESH_KERNELS, settle } from "../mesh/memory.ts";
import type { Home } from "../mesh/memory.ts";
import { execute } from "./execute.ts";
import type { Machine, Slot } from "./execute.ts";
import type { Job } from "./job.ts";
import { serve } from "./serve.ts";
import type { Start } from "./serve.ts";
import { Watch } from "./watch.ts";
import { startWorker } from "./worker.ts";
import type { Running } from "./worker.ts";

const PAGE = 65536;
/** Bytes of the control words, before the job. */
const CONTROL = 4096;
const MOST_PAGES = 16384;
/** Looks at a word before a thread goes to sleep over it. */
const SPINS = 20_000;
/** Threads that wait for jobs: the caller, and workers that share a memory with it. */
export class Team {
  /** Threads, the caller included. */
  readonly size: number;
  /** Number of the program whose tape the workers hold. */
  holder = 0;
  /** Where meshes work in a memory that all threads share. */
  readonly home: Home;
  private readonly shared: WebAssembly.Memory;
  private readonly control: Int32Array;
  private readonly workers: readonly Running[];
  private serial = 0;
  /** Why it can do no more; undefined while it can. */
  failure: Error | undefined;

  constructor(size: number, own: Pick<Start, "module" | "instead" | "names">) {
    this.size = size;
    this.shared = new WebAssembly.Memory({ initial: 16, maximum: MOST_PAGES, shared: true });
    this.control = new Int32Array(this.shared.buffer, 0, CONTROL / 4);
    this.home = settle(true)!;
    const common = { module: this.home.module, names: MESH_KERNELS, memory: this.home.memory };
    const text = `(${String(serve)})(${String(execute)}, start)`;
    this.workers = Array.from({ length: size - 1 }, (_, index) =>
      startWorker(text, { ...own, common, shared: this.shared, me: index + 1 } satisfies Start, (error) => {
        this.failure ??= new Error(`threads: a worker ended: ${error.message}`);
      }),
    );
  }

  /** Does a job together. @returns who did each part; undefined, with nothing done, when it is too large to be shared */
  perform(job: Job, machine: Machine): readonly number[] | undefined {
    if (this.failure !== undefined) throw this.failure;
    const { control } = this;
    const { parts, script, slots } = job;
    const watch = new Watch(this.workers);
    const shared = this.write(job);
    if (shared === undefined) return undefined;
    for (const [part, span] of [job.setup, job.weights, job.start, ...parts].entries()) {
      if (part < 3 || job.owners?.[part - 3] !== 0) provide(script.words, span, slots, shared);
    }
    control.fill(0, 2, 5);
    if (job.owners === undefined) Atomics.store(control, 1, parts.length);
    else {
      for (const [part, owner] of job.owners.entries()) Atomics.store(control, 32 + part, owner);
      for (let thread = 1; thread < this.size; thread++) {
        Atomics.store(control, 64 + thread, job.owners.filter((owner) => owner === thread).length);
      }
    }
    Atomics.add(control, 0, 1);
    Atomics.notify(control, 0);
    let own = 0;
    let failure: unknown;
    try {
      execute(machine, script.words, job.start.start, job.start.end, slots);
    } catch (error) {
      failure = error;
    }
    for (const part of this.own(job)) {
      own++;
      try {
        if (failure === undefined) execute(machine, script.words, parts[part]!.start, parts[part]!.end, slots);
      } catch (error) {
        failure = error;
      }
    }
    this.join(parts.length - own, watch);
    if (failure !== undefined) throw failure;
    const length = control[3]!;
    if (length > 0) {
      throw new Error(`threads: a worker failed: ${String.fromCharCode(...control.subarray(256, 256 + length))}`);
    }
    const owners = parts.map((_, part) => control[32 + part]!);
    for (const [part, span] of parts.entries()) {
      if (owners[part] !== 0) collect(script.words, span, shared, slots);
    }
    return owners;
  }

  /**
   * Room for arrays in the memory that jobs are written to: as slots of the jobs to come they need not be copied. Whoever
   * asks next gets the same room.
   *
   * @param bytes what these jobs take besides
   * @returns undefined when there is no room
   */
  reside(lengths: readonly number[], bytes: number): Float32Array<SharedArrayBuffer>[] | undefined {
    let top = CONTROL + bytes;
    const addresses = lengths.map((length) => {
      const address = aligned(top);
      top = address + length * 4;
      return address;
    });
    if (!this.reach(top)) return undefined;
    const buffer = this.shared.buffer as unknown as SharedArrayBuffer;
    return addresses.map((address, index) => new Float32Array(buffer, address, lengths[index]));
  }

  /** Lets the memory of jobs reach so far. @returns false when it cannot */
  private reach(top: number): boolean {
    const missing = Math.ceil((top - this.shared.buffer.byteLength) / PAGE);
    if (missing <= 0) return true;
    const room = MOST_PAGES - this.shared.buffer.byteLength / PAGE;
    if (missing > room) return false;
    this.shared.grow(Math.min(room, Math.ceil(missing + top / (4 * PAGE))));
    return true;
  }

  /** Waits until all workers are up. @returns whether they are, after so many milliseconds at most */
  ready(milliseconds: number): boolean {
    const end = Date.now() + milliseconds;
    for (let up = 0; (up = Atomics.load(this.control, 5)) < this.size - 1;) {
      if (Atomics.wait(this.control, 5, up, Math.max(0, end - Date.now())) === "timed-out") return false;
    }
    return true;
  }

  /** Ends the workers. */
  end(): void {
    for (const worker of this.workers) worker.end();
  }

  /** Parts for the caller: those that it takes before others do, or those that are its own. */
  private *own({ parts, owners }: Job): Generator<number> {
    if (owners !== undefined) {
      for (const part of parts.keys()) if (owners[part] === 0) yield part;
      return;
    }
    for (let left = 0; (left = Atomics.sub(this.control, 1, 1)) > 0;) {
      this.control[32 + left - 1] = 0;
      yield left - 1;
    }
  }

  private join(parts: number, watch: Watch): void {
    const { control } = this;
    for (let spins = 0; spins < SPINS; spins++) if (Atomics.load(control, 2) === parts) return;
    for (let done = 0; (done = Atomics.load(control, 2)) < parts;) {
      if (Atomics.wait(control, 2, done, Watch.PAUSE) !== "timed-out") continue;
      this.failure = watch.look(Atomics.load(control, 4));
      if (this.failure !== undefined) throw this.failure;
    }
  }

  /** Writes a job into the shared memory. @returns the workers' slots; undefined when there is no room */
  private write(job: Job): Slot[] | undefined {
    const { script, setup, weights, start, parts, slots, program, version, bytes, common = false } = job;
    const table = 13 + 2 * parts.length;
    let top = CONTROL + (table + 3 * slots.length + script.length) * 4;
    const here = this.shared.buffer;
    const addresses = slots.map(({ byteLength, byteOffset, buffer }) => {
      if (buffer === here) return byteOffset;
      const address = aligned(top);
      top = address + byteLength;
      return address;
    });
    if (!this.reach(top)) return undefined;
    const { buffer } = this.shared;
    this.control[6] = buffer.byteLength;
    this.serial = (this.serial + 1) | 0 || 1;
    const words = new Int32Array(buffer, CONTROL);
    words.set([this.serial, program, version, bytes, slots.length, parts.length, ...ends([setup, weights, start])]);
    words.set([common ? 1 : 0, ...ends(parts)], 12);
    for (const [index, slot] of slots.entries()) {
      words.set([slot instanceof Uint8Array ? 1 : 0, addresses[index]!, slot.length], table + 3 * index);
    }
    words.set(script.words.subarray(0, script.length), table + 3 * slots.length);
    return slots.map((slot, index) =>
      slot.buffer === here
        ? slot
        : slot instanceof Uint8Array
          ? new Uint8Array(buffer, addresses[index], slot.length)
          : new Float32Array(buffer, addresses[index], slot.length),
    );
  }
}

const aligned = (address: number): number => Math.ceil(address / 64) * 64;

const ends = (spans: readonly Job["start"][]): number[] => spans.flatMap(({ start, end }) => [start, end]);

/** Copies what commands read from slots to other slots. */
function provide(script: Int32Array, { start, end }: Job["start"], from: readonly Slot[], to: readonly Slot[]): void {
  for (let at = start; at < end; at += script[at + 1]!) {
    if (script[at] === 1 || script[at] === 2) copyRange(script, at, from, to);
  }
}

/** Copies what commands have written to slots to other slots. */
function collect(script: Int32Array, { start, end }: Job["start"], from: readonly Slot[], to: readonly Slot[]): void {
  for (let at = start; at < end; at += script[at + 1]!) if (script[at] === 3) copyRange(script, at, from, to);
}

function copyRange(script: Int32Array, at: number, from: readonly Slot[], to: readonly Slot[]): void {
  const slot = script[at + 2]!;
  if (to[slot] === from[slot]) return;
  const offset = script[at + 3]!;
  const length = script[at + 4]! * (script[at] === 1 ? 1 : script[at + 7]!);
  to[slot]!.set(from[slot]!.subarray(offset, offset + length), offset);
}
