import { argmax, zeros } from "@ganglion/tensor";
import type { Key, Tensor } from "@ganglion/tensor";
import type { IntegerRolloutOptions, KeptIntegerRollout, KeptRollout, Rollout, Schedule } from "@ganglion/nca";
import type { Adder, AdderParams } from "../adder/adder.ts";
import type { Problems } from "../problems/problems.ts";
import { integersOf } from "./integers.ts";

/** An adder with parameters. */
export interface Model {
  readonly adder: Adder;
  readonly params: AdderParams;
  /** Whether cells may compute in fused kernels; false keeps to float32 tensor operations, their reference. Default true. */
  readonly fused?: boolean | undefined;
  /**
   * What the fused kernels compute in: float32 as the tensor operations do, bit for bit, or integers, with int8 weights,
   * which is faster. Default "float32"; "int8" for models of the registry.
   */
  readonly arithmetic?: Arithmetic | undefined;
  /** Largest int8 code of the weights, from 1 to 127. Default 127. */
  readonly levels?: number | undefined;
}

/** What a roll-out computes in. */
export type Arithmetic = "float32" | "int8";

/** What a model computes in after all. */
export function arithmeticOf({ fused = true, arithmetic = "float32" }: Model): Arithmetic {
  return fused ? arithmetic : "float32";
}

/** What happened in one step. */
export interface Step {
  /** 1 for the first. */
  readonly step: number;
  /** State after it, `[n, cells, channels]`. */
  readonly state: Tensor;
  /** Who fired, `[n * cells]`, 0 or 1. */
  readonly fired: Uint8Array;
  /** Whom the schedule asked, `[n * cells]`: more than fired where cells wait for news. */
  readonly asked: Uint8Array;
  /** Experts that the fired cells asked, best first, `topK` for each, in the order of the cells. */
  readonly experts: Int32Array;
}

/** How the cells fire, and for how long. */
export interface RunConfig {
  readonly steps: number;
  readonly schedule: Schedule;
  readonly key: Key;
  /** State at the start, `[n, cells, channels]`. Default 0. */
  readonly start?: Tensor;
  /** Index of the first problem, when these are a part of a larger set. Default 0. */
  readonly first?: number;
  /**
   * In integers, a cell that is asked fires only if something it sees has moved by more than this since it last fired, in
   * [0, 1]; float32 computes every update. Default: whenever it is asked.
   */
  readonly news?: number | undefined;
  /** Called after every step. */
  readonly onStep?: (step: Step) => void;
}

/**
 * Lets the cells work on problems; nothing but the automaton decides what they end up with.
 *
 * @returns state after the last step, `[n, cells, channels]`
 */
export function run(model: Model, problems: Problems, config: RunConfig): Tensor {
  const { adder, params } = model;
  const { steps, schedule, key, first = 0, news, onStep } = config;
  const [batch, cells] = problems.a.shape as [number, number];
  const options = { key, first, inputs: adder.embed(params, problems) };
  const automaton = automatonOf(model, cells);
  let state = config.start ?? zeros([batch, cells, adder.config.channels]);
  if (onStep === undefined) return automaton(state, { ...options, steps, schedule, news }).state;
  // cells that wait for news remember what they saw as long as a roll-out lasts
  const watched = news === undefined ? WATCHED : steps;
  for (let start = 0; start < steps; start += watched) {
    const masks: Uint8Array[] = [];
    const noted: Schedule = {
      name: schedule.name,
      fired(moment) {
        const mask = schedule.fired(moment);
        masks.push(mask);
        return mask;
      },
    };
    const some = Math.min(watched, steps - start);
    const rest = { ...options, start, steps: some, schedule: noted, news, keep: true } as const;
    const { states, infos, masks: fired = masks } = automaton(state, rest) as Kept;
    for (const [index, after] of states.entries()) {
      const experts = (infos[index]!["experts"]?.data ?? NOBODY) as Int32Array;
      onStep({ step: start + index + 1, state: after, fired: fired[index]!, asked: masks[index]!, experts });
      state = after;
    }
  }
  return state;
}

type Kept = KeptRollout & Partial<KeptIntegerRollout>;

/** The roll-outs of a model on so many cells, in its arithmetic. */
function automatonOf(model: Model, cells: number): (state: Tensor, options: IntegerRolloutOptions) => Rollout {
  const { adder, params, fused } = model;
  if (arithmeticOf(model) === "int8") {
    const integers = integersOf(model, cells);
    return (state, options) => integers.rollout(state, options);
  }
  const automaton = adder.automaton(cells, { fused });
  return (state, options) => automaton.rollout(params.rule, state, { ...options, losses: false });
}

/** Steps whose states are kept at a time, for `onStep`. */
const WATCHED = 24;
const NOBODY = new Int32Array(0);

/** The digit that each cell shows. @returns int32 `[n, cells]` */
export function readDigits({ adder, params }: Model, state: Tensor): Tensor {
  return argmax(adder.readOut(params, state));
}
