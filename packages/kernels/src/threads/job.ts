import { execute } from "./execute.ts";
import type { Machine, Slot } from "./execute.ts";
import type { Script, Span } from "./script.ts";

/** Work in parts, of which any thread may do any. */
export interface Job {
  readonly script: Script;
  /** Once on each thread but the caller's, before it works for this program. */
  readonly setup: Span;
  /** Again when the version has changed. */
  readonly weights: Span;
  /** Once on each thread, before its first part. */
  readonly start: Span;
  readonly parts: readonly Span[];
  readonly slots: readonly Slot[];
  /** Number of the program, and of the weights that it holds; both at least 1. */
  readonly program: number;
  readonly version: number;
  /** Memory that the kernels need, in bytes. */
  readonly bytes: number;
  /** Whether all threads work in the team's common memory, where they find everything. Default false. */
  readonly common?: boolean;
  /** Which thread must do each part, the caller being 0. Default: any. */
  readonly owners?: readonly number[] | undefined;
}

/** Does all of a job on the caller's thread. */
export function performAlone({ script, start, parts, slots }: Job, machine: Machine): void {
  for (const span of [start, ...parts]) execute(machine, script.words, span.start, span.end, slots);
}
