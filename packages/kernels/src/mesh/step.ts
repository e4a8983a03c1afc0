import type { Arena } from "../automaton/memory.ts";

/** The fields of `Step` in assembly/mesh/plan.ts, which are written in their order: addresses. */
interface Step {
  readonly mask: number;
  readonly state: number;
  readonly shown: number;
  readonly next: number;
  readonly shownNext: number;
  readonly inputs: number;
  readonly gradient: number;
  readonly cotangent: number;
  readonly inputsGradient: number;
}

/** Length of a step. */
export const STEP_BYTES: number = 9 * 4;

/** Writes a step to an address; what is not given is 0. */
export function writeStep({ words }: Arena, address: number, step: Partial<Step>): void {
  const { mask = 0, state = 0, shown = 0, next = 0, shownNext = 0, inputs = 0 } = step;
  const { gradient = 0, cotangent = 0, inputsGradient = 0 } = step;
  words.set([mask, state, shown, next, shownNext, inputs, gradient, cotangent, inputsGradient], address / 4);
}
