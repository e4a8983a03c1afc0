import type { Key } from "@ganglion/tensor";

/** When, where and with what randomness cells are asked to fire. */
export interface Moment {
  /** Index of the step, from 0. */
  readonly step: number;
  /** Number of states. */
  readonly batch: number;
  /** Cells of each state. */
  readonly cells: number;
  /** Randomness of the whole roll-out; a schedule folds the step in. */
  readonly key: Key;
  /** Index of the first state when these are a part of a larger batch. Default 0. */
  readonly first?: number;
}

/** Who fires when: a value, so that a model can be run under another order than it was trained with. */
export interface Schedule {
  /** Name with its settings, for logs and cards. */
  readonly name: string;
  /**
   * Whether each cell fires, 1 or 0, `[batch * cells]`; depends on key, step and the cell's place in the whole batch alone.
   */
  fired(moment: Moment): Uint8Array;
}

/** The same cells in every state. */
export function everywhere({ batch, cells }: Moment, fires: (cell: number) => boolean): Uint8Array {
  const fired = new Uint8Array(batch * cells);
  for (let cell = 0; cell < cells; cell++) {
    if (!fires(cell)) continue;
    for (let row = 0; row < batch; row++) fired[row * cells + cell] = 1;
  }
  return fired;
}
