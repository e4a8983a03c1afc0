import type { Schedule } from "./schedule.ts";
import { WORDS, words } from "./words.ts";

/** One cell fires per step, drawn anew for every state. */
export function single(): Schedule {
  return {
    name: "single",
    fired: ({ step, batch, cells, key, first = 0 }) => {
      const fired = new Uint8Array(batch * cells);
      words(key, step, first, batch).forEach((word, row) => {
        fired[row * cells + Math.floor((word / WORDS) * cells)] = 1;
      });
      return fired;
    },
  };
}
