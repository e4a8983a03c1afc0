import { ConfigError } from "@ganglion/tensor";
import { checkCount } from "../check.ts";
import { type Schedule, everywhere } from "./schedule.ts";

/**
 * One cell fires per step, in the given order, again and again; a cell may be listed several times or never.
 *
 * @param turns indices of cells, at least one
 * @throws ConfigError when `turns` is empty or holds something that is not an index; `fired` throws it when the lattice has no such cell
 */
export function order(turns: readonly number[]): Schedule {
  checkCount("order", "the number of turns", turns.length);
  for (const turn of turns) checkCount("order", "every turn", turn, 0);
  const listed = [...turns];
  const last = listed.reduce((largest, turn) => Math.max(largest, turn));
  return {
    name: `order(${listed.join(" ")})`,
    fired: (moment) => {
      if (last >= moment.cells) {
        throw new ConfigError(
          "order",
          `expected turns between 0 and ${moment.cells - 1}, received ${last}. List cells of this lattice only?`,
        );
      }
      const turn = listed[moment.step % listed.length];
      return everywhere(moment, (cell) => cell === turn);
    },
  };
}
