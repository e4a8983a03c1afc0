import { ConfigError } from "@ganglion/tensor";
import { type Schedule, everywhere } from "./schedule.ts";

/** Settings of `sequential`. */
export interface SequentialConfig {
  /** Which end goes first. Default `leftToRight`. */
  readonly direction?: "leftToRight" | "rightToLeft";
}

/**
 * One cell fires per step, from one end to the other and again from the start.
 *
 * @throws ConfigError when there is no such direction
 */
export function sequential({ direction = "leftToRight" }: SequentialConfig = {}): Schedule {
  if (direction !== "leftToRight" && direction !== "rightToLeft") {
    throw new ConfigError(
      "sequential",
      `expected direction leftToRight or rightToLeft, received ${String(direction)}. Leave it out for leftToRight?`,
    );
  }
  return {
    name: `sequential(${direction})`,
    fired: (moment) => {
      const place = moment.step % moment.cells;
      const turn = direction === "leftToRight" ? place : moment.cells - 1 - place;
      return everywhere(moment, (cell) => cell === turn);
    },
  };
}
