import { Watch } from "./watch.ts";
import { startWorker } from "./worker.ts";
import type { Running } from "./worker.ts";

/** What a helper starts with. */
export interface CrewStart {
  readonly module: WebAssembly.Module;
  /** The one memory on which all instances work; its first bytes are the crew's. */
  readonly memory: WebAssembly.Memory;
  /** Kernels of the form `(plan, first, end)`. */
  readonly names: readonly string[];
}

type RowKernel = (plan: number, first: number, end: number) => void;

/** Where the control words begin, in bytes. */
const CONTROL = 1024;
/** Looks at a word before the caller goes to sleep over it. */
const SPINS = 20_000;
/**
 * Threads on one shared memory: the caller, and helpers that take parts of its work. Nothing is copied.
 *
 * Control words: 0 number of jobs so far, 1 parts left to take, 2 parts done, 3 whether one failed, 4 kernel, 5 plan, 8 and
 * following: the first row of each part, and the one behind the last.
 */
export class Crew {
  /** Threads, the caller included. */
  readonly size: number;
  /** Parts of the last job that the caller did itself. */
  ownParts = 0;
  private readonly control: Int32Array;
  private readonly helpers: readonly Running[];
  /** Why it can do no more; undefined while it can. */
  failure: Error | undefined;

  constructor(size: number, { module, memory, names }: CrewStart) {
    this.size = size;
    this.control = new Int32Array(memory.buffer, CONTROL, 64);
    this.control.fill(0);
    const text = `(${String(help)})(start)`;
    this.helpers = Array.from({ length: size - 1 }, (_, index) =>
      startWorker(text, { module, names, shared: memory, me: index + 1 }, (error) => {
        this.failure ??= new Error(`threads: a worker ended: ${error.message}`);
      }),
    );
  }

  /** Does the work between rows together. */
  perform(kernel: number, plan: number, rows: readonly number[], own: RowKernel): void {
    if (this.failure !== undefined) throw this.failure;
    const { control } = this;
    const parts = rows.length - 1;
    const watch = new Watch(this.helpers);
    control.set([0, 0, kernel, plan], 2);
    control.set(rows, 8);
    Atomics.store(control, 1, parts);
    Atomics.add(control, 0, 1);
    Atomics.notify(control, 0);
    this.ownParts = 0;
    for (let part = 0; (part = Atomics.sub(control, 1, 1)) > 0; this.ownParts++) {
      own(plan, rows[part - 1]!, rows[part]!);
      Atomics.add(control, 2, 1);
    }
    this.join(parts, watch);
    if (control[3] !== 0) throw new Error("threads: a worker failed in a kernel");
  }

  /** Ends the helpers. */
  end(): void {
    for (const helper of this.helpers) helper.end();
  }

  private join(parts: number, watch: Watch): void {
    const { control } = this;
    for (let spins = 0; spins < SPINS; spins++) if (Atomics.load(control, 2) === parts) return;
    for (let done = 0; (done = Atomics.load(control, 2)) < parts;) {
      if (Atomics.wait(control, 2, done, Watch.PAUSE) !== "timed-out") continue;
      this.failure = watch.look(done);
      if (this.failure !== undefined) throw this.failure;
    }
  }
}

/**
 * What a helper does: it waits for jobs and takes parts of them. Nothing of a job is read before a part is taken: only then
 * it cannot end. Threads get the text of this function, so it must not refer to anything outside itself.
 */
function help({
  module,
  names,
  shared,
}: {
  readonly module: WebAssembly.Module;
  readonly names: readonly string[];
  readonly shared: WebAssembly.Memory;
}): void {
  const { exports } = new WebAssembly.Instance(module, { env: { memory: shared } });
  const control = new Int32Array(shared.buffer, 1024, 64);
  const kernels = names.map((name) => exports[name] as RowKernel);
  for (;;) {
    const jobs = Atomics.load(control, 0);
    for (let part = 0; (part = Atomics.sub(control, 1, 1)) > 0;) {
      try {
        kernels[control[4]!]!(control[5]!, control[8 + part - 1]!, control[8 + part]!);
      } catch {
        Atomics.store(control, 3, 1);
      }
      Atomics.add(control, 2, 1);
      Atomics.notify(control, 2);
    }
    Atomics.wait(control, 0, jobs);
  }
}
