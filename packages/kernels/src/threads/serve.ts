import type { execute, Kernel, Machine, Slot } from "./execute.ts";

/** What a worker starts with. */
export interface Start {
  readonly module: WebAssembly.Module;
  /** What takes the place of some of its kernels. */
  readonly instead: WebAssembly.Module | undefined;
  /** Names of the kernels that scripts call. */
  readonly names: readonly string[];
  /** The same for jobs in a memory that all threads share. */
  readonly common: {
    readonly module: WebAssembly.Module;
    readonly names: readonly string[];
    readonly memory: WebAssembly.Memory;
  };
  /** Control words, jobs and their slots. */
  readonly shared: WebAssembly.Memory;
  /** Number of this thread; the caller is 0. */
  readonly me: number;
}

/**
 * What a worker does: it waits for jobs, and takes parts of them.
 *
 * Control words: 0 number of jobs so far, 1 parts left to take, 2 parts done, 3 length of an error's message, 4 pulse,
 * 5 workers that are up, 6 bytes of the shared memory, 32 + part: who did it, 64 + thread: parts assigned to it, 256 and
 * following: the message. Nothing of a job is read before a part is taken or assigned: only then it cannot end.
 *
 * Job, from word 1024 on: serial number, program, its version, bytes that it needs, number of slots, parts, where setup,
 * weights and start begin and end, whether it is done in the common memory, then where each part begins and ends, then kind,
 * address and length of each slot, then the script.
 *
 * Threads get the text of this function, so it must not refer to anything outside itself.
 */
export function serve(run: typeof execute, { module, instead, names, common, shared, me }: Start): void {
  const { exports } = new WebAssembly.Instance(module);
  const memory = exports["memory"] as WebAssembly.Memory;
  const control = new Int32Array(shared.buffer, 0, 1024);
  const others = instead && new WebAssembly.Instance(instead, { env: { memory } }).exports;
  const calls = names.map((name) => (others?.[name] ?? exports[name]) as Kernel);
  const pulse = control.subarray(4, 5);
  const own: Machine = { memory, calls, pulse };
  const inCommon = new WebAssembly.Instance(common.module, { env: { memory: common.memory } }).exports;
  const commonCalls = common.names.map((name) => inCommon[name] as Kernel);
  const ours: Machine = { memory: common.memory, calls: commonCalls, pulse };
  let script = control;
  let slots: Slot[] = [];
  let serial = 0;
  let program = 0;
  let version = 0;
  Atomics.add(control, 5, 1);
  Atomics.notify(control, 5);
  for (;;) {
    const jobs = Atomics.load(control, 0);
    for (;;) {
      const assigned = Atomics.exchange(control, 64 + me, 0) > 0;
      const taken = assigned ? 0 : Atomics.sub(control, 1, 1);
      if (!assigned && taken <= 0) break;
      // a memory that has grown elsewhere may take a moment to show it
      while (shared.buffer.byteLength < control[6]!);
      const job = new Int32Array(shared.buffer, 4096);
      const parts = job[5]!;
      const machine = job[12] === 1 ? ours : own;
      while (job[12] === 1 && common.memory.buffer.byteLength < job[3]!);
      for (let part = assigned ? 0 : taken - 1; part < (assigned ? parts : taken); part++) {
        if (assigned && Atomics.load(control, 32 + part) !== me) continue;
        try {
          if (job[0] !== serial) {
            const missing = job[12] === 1 ? 0 : job[3]! - memory.buffer.byteLength;
            if (missing > 0) memory.grow(Math.ceil(missing / 65536));
            const table = 13 + 2 * parts;
            script = job.subarray(table + 3 * job[4]!);
            slots = Array.from({ length: job[4]! }, (_, slot) => {
              const at = table + 3 * slot;
              return new (job[at] === 1 ? Uint8Array : Float32Array)(shared.buffer, job[at + 1], job[at + 2]);
            });
            if (job[1] !== program) run(machine, script, job[6]!, job[7]!, slots);
            if (job[1] !== program || job[2] !== version) run(machine, script, job[8]!, job[9]!, slots);
            run(machine, script, job[10]!, job[11]!, slots);
            serial = job[0]!;
            program = job[1]!;
            version = job[2]!;
          }
          run(machine, script, job[13 + 2 * part]!, job[14 + 2 * part]!, slots);
        } catch (error) {
          serial = 0;
          program = 0;
          const text = String(error).slice(0, 700);
          for (let i = 0; i < text.length; i++) control[256 + i] = text.charCodeAt(i);
          Atomics.store(control, 3, text.length);
        }
        Atomics.store(control, 32 + part, me);
        Atomics.add(control, 2, 1);
        Atomics.notify(control, 2);
      }
    }
    // the next step of a roll-out comes soon
    for (let looks = 0; looks < 2000 && Atomics.load(control, 0) === jobs; looks++);
    Atomics.wait(control, 0, jobs);
  }
}
