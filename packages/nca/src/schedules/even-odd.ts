import { type Schedule, everywhere } from "./schedule.ts";

/** Cells with an even index fire at even steps, the others at odd steps. */
export function evenOdd(): Schedule {
  return { name: "evenOdd", fired: (moment) => everywhere(moment, (cell) => cell % 2 === moment.step % 2) };
}
