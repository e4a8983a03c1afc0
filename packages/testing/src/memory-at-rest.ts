/** Memory of a process, in bytes. */
export interface MemoryAtRest {
  /** What objects take on the heap. */
  readonly heap: number;
  /** What array buffers take beside it. */
  readonly buffers: number;
}

/**
 * What is still in use when everything else has been let go of: the least of ten collections of garbage.
 *
 * One collection is not enough, since finalizers run after it, and other threads release buffers when they find the time.
 * Takes a fifth of a second; needs Node.js.
 */
export async function memoryAtRest(): Promise<MemoryAtRest> {
  const [{ setFlagsFromString }, { runInNewContext }, { setTimeout }] = await Promise.all([
    import("node:v8"),
    import("node:vm"),
    import("node:timers/promises"),
  ]);
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  let least: MemoryAtRest = { heap: Infinity, buffers: Infinity };
  for (let time = 0; time < 10; time++) {
    collect();
    await setTimeout(20);
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    least = { heap: Math.min(least.heap, heapUsed), buffers: Math.min(least.buffers, arrayBuffers) };
  }
  return least;
}
