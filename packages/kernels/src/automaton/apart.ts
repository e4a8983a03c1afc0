import { partsOf } from "../mesh/parts.ts";
import type { Job } from "../threads/job.ts";
import type { Slot } from "../threads/execute.ts";
import type { Script } from "../threads/script.ts";
import type { Plan } from "./layout.ts";
import type { AutomatonRun, AutomatonShape } from "./program.ts";
import { copyRows } from "./weights.ts";

/** Whether the cells of a roll-out are shared out: one large lattice, of which nothing but states is wanted. */
export function isApart({ cells }: AutomatonShape, run: AutomatonRun): boolean {
  const more = run.tape === true || run.losses === true || run.choices === true;
  return run.batch === 1 && run.masks.length > 0 && !more && partsOf(cells).length > 1;
}

// Places of slots.
const [VIEW, STATE, INPUTS, MASK, NEXT_VIEW, NEXT_STATE] = [0, 1, 2, 3, 4, 5];
/** How many a step has. */
export const SLOTS = 6;

/**
 * Writes the script of one step. Every thread looks at what all cells showed before it, and parts write what cells become
 * elsewhere: which thread does which part, and when, decides nothing.
 *
 * @param putPlan writes the plan with some fields changed
 * @param forward number of the kernel, and the arguments that it takes
 * @param mask room for a mask
 * @param shown room for what all cells show
 * @param inputs whether there are inputs
 */
export function writeStep(
  script: Script,
  plan: Plan,
  putPlan: (changes: Partial<Plan>) => void,
  {
    forward: [kernel, planAt, record],
    mask,
    shown,
    inputs,
  }: {
    readonly forward: readonly [kernel: number, planAt: number, record: number];
    readonly mask: number;
    readonly shown: number;
    readonly inputs: boolean;
  },
): Pick<Job, "start" | "parts"> {
  const width = plan.channelBytes / 4;
  const rows = (slot: number, address: number, first: number, count: number) => {
    const length = count * width;
    return { slot, offset: first * width, width: length, address: address / 4 + first * width, step: length, rows: 1 };
  };
  const start = script.span(() => {
    script.read(rows(VIEW, plan.view, 0, plan.rows));
    if (!inputs) script.clearAt(plan.inputs, plan.rows * width);
  });
  const parts = partsOf(plan.rows).map(({ first, last }) =>
    script.span(() => {
      const count = last - first;
      putPlan({ first, rows: last, shown });
      script.read(rows(STATE, plan.state, first, count));
      if (inputs) {
        script.read(rows(INPUTS, plan.inputs, first, count));
        script.read(rows(VIEW, shown, first, count));
      }
      script.bytes(MASK, first, count, mask + first);
      script.call(kernel, planAt, record, mask);
      script.write(rows(NEXT_STATE, plan.state, first, count));
      if (inputs) script.write(rows(NEXT_VIEW, shown, first, count));
    }),
  );
  return { start, parts };
}

/** Lengths of the arrays that the steps of a roll-out share, in elements. */
export const lengthsOf = (count: number, width: number, inputs: boolean): readonly number[] =>
  Array.from({ length: inputs ? 5 : 2 }, () => count * width);

/**
 * Takes the steps of a roll-out.
 *
 * @param width length of a padded row
 * @param rooms arrays as long as `lengthsOf` says
 * @param perform takes one step
 * @returns the states that are asked for
 */
export function rollApart(
  { state, inputs, masks, keep = false }: AutomatonRun,
  channels: number,
  width: number,
  rooms: readonly Float32Array[],
  perform: (slots: readonly Slot[]) => void,
): readonly Float32Array[] {
  const count = state.length / channels;
  let [now, next] = [
    { state: rooms[0]!, view: rooms[2] ?? rooms[0]! },
    { state: rooms[1]!, view: rooms[3] ?? rooms[1]! },
  ];
  const added = rooms[4] ?? NOTHING;
  enter(state, now.state, channels, width);
  if (inputs !== undefined) {
    enter(inputs, added, channels, width);
    for (let i = 0; i < added.length; i++) now.view[i] = now.state[i]! + added[i]!;
  }
  const states: Float32Array[] = [];
  for (const [step, mask] of masks.entries()) {
    perform([now.view, now.state, added, mask, next.view, next.state]);
    [now, next] = [next, now];
    if (!keep && step < masks.length - 1) continue;
    const out = new Float32Array(state.length);
    copyRows(now.state, 0, width, out, 0, channels, count);
    states.push(out);
  }
  return states;
}

/** Copies rows to padded ones. */
function enter(values: Float32Array, to: Float32Array, channels: number, width: number): void {
  to.fill(0);
  copyRows(values, 0, channels, to, 0, width, values.length / channels);
}

const NOTHING = new Float32Array(0);
