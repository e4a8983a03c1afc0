import { AUTOMATON_KERNELS, automatonModule, automatonReplacement } from "../automaton/memory.ts";
import type { Crew } from "./crew.ts";
import { Team } from "./team.ts";

/** More threads find no work: roll-outs have no more parts. */
const MOST = 16;

/**
 * Sets how many threads roll-outs of automata, spreads and pair learning use, the caller's included; results do not depend
 * on it.
 *
 * Small ones use one thread all the same. Until it is called, all do. Workers start with the first work that is large
 * enough; they keep no process alive. Where threads cannot share memory, or the caller may not wait for others (the main
 * thread of a browser), one thread is used, which is said once on the console.
 *
 * @param count at least 1; `"auto"`: as many as the machine runs at once
 * @returns the threads that will be used, at most 16
 * @throws RangeError when `count` is none of these
 */
export function threads(count: number | "auto"): number {
  if (count !== "auto" && !(Number.isInteger(count) && count >= 1)) {
    throw new RangeError(`threads: expected a whole number of at least 1, or "auto", received ${count}`);
  }
  const some = Math.min(MOST, count === "auto" ? parallelism() : count);
  const obstacle = some === 1 ? undefined : whyNot();
  if (obstacle !== undefined && !told) {
    told = true;
    console.warn(`threads: one thread is used: ${obstacle}`);
  }
  wanted = obstacle === undefined ? some : 1;
  if (team !== undefined && team.size !== wanted) {
    team.end();
    team = undefined;
  }
  if (crew !== undefined && crew.size !== wanted) {
    crew.end();
    crew = undefined;
  }
  return wanted;
}

/** The threads together; undefined while one is enough. */
export function teamFor(work: number): Team | undefined {
  if (wanted === 1 || work < WORTH) return undefined;
  if (team?.failure !== undefined) {
    team.end();
    team = undefined;
  }
  team ??= new Team(wanted, {
    module: automatonModule()!,
    instead: automatonReplacement(),
    names: AUTOMATON_KERNELS,
  });
  return team;
}

/** Ends the threads of roll-outs, whose kernels have changed; others start when they are needed. */
export function restart(): void {
  team?.end();
  team = undefined;
}

/** The threads that share one memory; undefined while one is enough. */
export function crewFor(work: number, form: (size: number) => Crew): Crew | undefined {
  if (wanted === 1 || work < CREW_WORTH) return undefined;
  if (crew?.failure !== undefined) {
    crew.end();
    crew = undefined;
  }
  crew ??= form(wanted);
  return crew;
}

/** Multiplications from which two threads are faster than one, as measured by benchmarks/src/threads.bench.ts. */
const WORTH = 4e6;

/** The same for work that is not copied: several times as long as waking a thread takes. */
const CREW_WORTH = 2e5;

let wanted = 1;
let team: Team | undefined;
let crew: Crew | undefined;
let told = false;

function parallelism(): number {
  return (globalThis as { readonly navigator?: Navigator }).navigator?.hardwareConcurrency ?? 1;
}

/** What keeps threads from working together here. */
function whyNot(): string | undefined {
  if (automatonModule() === undefined) return "this engine has no WebAssembly SIMD";
  if (typeof SharedArrayBuffer === "undefined") {
    return "expected SharedArrayBuffer, which is missing. Serve the page with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp?";
  }
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
  } catch {
    return "expected a thread that may wait, received the page's own. Call from a dedicated worker?";
  }
  return undefined;
}
