import { race as raceFor } from "@ganglion/models/bench";
import type { Contender, Timing } from "@ganglion/models/bench";
import { settings } from "./settings.ts";

export { contender } from "@ganglion/models/bench";
export type { Contender, Sample, Timing } from "@ganglion/models/bench";

/**
 * Times contenders turn by turn, for as long as a benchmark runs.
 *
 * @param options.agree whether their first results must agree; default true
 */
export function race(
  contenders: readonly Contender[],
  { agree = true }: { readonly agree?: boolean } = {},
): Promise<Timing[]> {
  const { rounds, milliseconds } = settings;
  return raceFor(contenders, { rounds, milliseconds, agree });
}
