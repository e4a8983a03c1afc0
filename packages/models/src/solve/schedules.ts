import { bernoulli, evenOdd, order, sequential, single, synchronous } from "@ganglion/nca";
import type { Schedule } from "@ganglion/nca";
import { stepsToSettle } from "./steps.ts";

/** A firing schedule together with the steps that a carry through all cells may take under it, with a little to spare. */
export interface Plan {
  readonly schedule: Schedule;
  readonly steps: number;
  /** In integers, a cell that is asked waits until something that it sees has moved by more than this since it last fired. */
  readonly news?: number;
}

/** Names of the firing schedules. */
export type ScheduleName =
  | "bernoulli"
  | "synchronous"
  | "lowest-first"
  | "highest-first"
  | "even-odd"
  | "single"
  | "event-driven";

/** Cells by which a carry is allowed for beyond a strip of trained width: a rule may take a step to notice that it is done. */
const SLACK = 2;
/** Width on which the models are trained. */
const TRAINED = 8;

/**
 * Cells for which a carry is given time. On longer strips than it was trained on a cell may need a second look before it
 * passes a carry on: a carry through 61 cells took 66 synchronous steps with `ripple`, up to 80 with `ripple-add-sub`.
 */
const roomFor = (cells: number): number => cells + SLACK + Math.ceil(Math.max(0, cells - TRAINED) / 2);

/**
 * What counts as news. With this, `gary` and `ripple` got 100,000 sums right in 10 steps, half of them held out and half rich
 * in carries, as they do without waiting, for less than half of the updates. With .5 `gary` did as well, but weights of an
 * earlier training lost 4 of them.
 */
const NEWS = 0.3;

const plans: Record<ScheduleName, (cells: number, fireRate: number) => Plan> = {
  bernoulli: (cells, rate) => ({ schedule: bernoulli(rate), steps: stepsToSettle(roomFor(cells), rate) }),
  synchronous: (cells) => ({ schedule: synchronous(), steps: roomFor(cells) }),
  "lowest-first": (cells) => ({ schedule: sequential({ direction: "leftToRight" }), steps: cells * (1 + SLACK) }),
  "highest-first": (cells) => ({ schedule: sequential({ direction: "rightToLeft" }), steps: cells * roomFor(cells) }),
  "even-odd": (cells) => ({ schedule: evenOdd(), steps: 2 * roomFor(cells) }),
  single: (cells) => ({ schedule: single(), steps: stepsToSettle(roomFor(cells), 1 / cells) }),
  "event-driven": (cells) => ({
    schedule: { ...synchronous(), name: `event-driven(${NEWS})` },
    steps: roomFor(cells),
    news: NEWS,
  }),
};

/** All names, the default first. */
export const scheduleNames: readonly ScheduleName[] = Object.keys(plans) as ScheduleName[];

/**
 * Looks a schedule up.
 *
 * @param name one of the names, or the cells in the order in which they fire, 0 being the lowest place
 * @param cells width of the strip
 * @param fireRate for "bernoulli", in (0, 1]. Default .5
 */
export function plan(name: ScheduleName | readonly number[], cells: number, fireRate = 0.5): Plan {
  if (typeof name === "string") return plans[name](cells, fireRate);
  return { schedule: order(name), steps: name.length * roomFor(cells) };
}
