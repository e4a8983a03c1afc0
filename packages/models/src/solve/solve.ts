import { ConfigError, key, slice } from "@ganglion/tensor";
import { formatDigits, parseDigits } from "../digits/text.ts";
import { problemsOf } from "../problems/problems.ts";
import type { Operation } from "../problems/problems.ts";
import { readDigits, run } from "./run.ts";
import type { Model, Step } from "./run.ts";
import { plan } from "./schedules.ts";
import type { ScheduleName } from "./schedules.ts";
import { majority } from "./vote.ts";

/** How a problem is worked on. */
export interface SolveConfig {
  /** Steps of the automaton, at least 1. Default: as many as a carry through all cells may take. */
  readonly steps?: number;
  /** Who fires when. Default "bernoulli". */
  readonly schedule?: ScheduleName | readonly number[];
  /** Probability with which a cell fires in a step, in (0, 1]; only for "bernoulli". Default .5. */
  readonly fireRate?: number;
  /** Decides the order of firing. Default 0. */
  readonly seed?: number;
  /** Independent orders of firing, at least 1; each place shows what most of them say. Default 1. */
  readonly vote?: number;
  /** Whether to keep every step of the first run. Default false. */
  readonly trace?: boolean;
}

/** One step as the eye sees it; index 0 is the lowest place. */
export interface Frame {
  readonly step: number;
  /** Digit that each cell shows, `[cells]`. */
  readonly digits: readonly number[];
  /** Experts that each cell asked, best first, `[cells]`; empty where it did not fire. */
  readonly experts: readonly (readonly number[])[];
}

/** An answer and how it came about. */
export interface Solution {
  /** The answer in decimal notation, with a minus sign when it is below 0. */
  readonly answer: string;
  /** Operands as the cells saw them, without leading zeros. */
  readonly operands: readonly [string, string];
  readonly operation: Operation;
  /** Whether a borrow ran out of the strip, so that the operands were exchanged. */
  readonly exchanged: boolean;
  /** Width of the strip. */
  readonly cells: number;
  readonly steps: number;
  readonly schedule: string;
  /** What each order of firing answered, in the order of the runs. */
  readonly votes: readonly string[];
  /** Every step of the first run; empty unless asked for. */
  readonly frames: readonly Frame[];
}

/**
 * Has a model add or subtract two numbers of any length.
 *
 * The strip is one cell wider than the longer operand. Digits go in, the cells fire, digits are read out; no other
 * arithmetic takes part. A difference below 0 shows itself as a 9 in the top cell, where neither operand has a digit:
 * then the exchanged difference is run and gets the minus sign.
 *
 * @throws OperandError when an operand is not a whole number of decimal digits
 * @throws ConfigError when a setting is out of range, or the model lacks the operation or the length
 */
export function solve(model: Model, operation: Operation, a: string, b: string, config: SolveConfig = {}): Solution {
  const { seed = 0 } = config;
  const operands = [parseDigits(a, operation), parseDigits(b, operation)] as const;
  const first = work(model, operation, operands, config, seed);
  const exchanged = operation === "sub" && first.digits.at(-1) === 9;
  const last = exchanged ? work(model, operation, [operands[1], operands[0]], config, seed) : first;
  return {
    answer: (exchanged ? "-" : "") + formatDigits(last.digits),
    operands: [formatDigits(operands[0]), formatDigits(operands[1])],
    operation,
    exchanged,
    cells: last.digits.length,
    steps: last.steps,
    schedule: last.schedule,
    votes: last.ballots.map((ballot) => (exchanged ? "-" : "") + formatDigits(ballot)),
    frames: last.frames,
  };
}

interface Work {
  readonly digits: Int32Array;
  readonly ballots: readonly Int32Array[];
  readonly frames: readonly Frame[];
  readonly steps: number;
  readonly schedule: string;
}

/** Runs one pair of operands on a strip that holds them, once per vote. */
function work(
  model: Model,
  operation: Operation,
  operands: readonly [readonly number[], readonly number[]],
  config: SolveConfig,
  seed: number,
): Work {
  const { name, cells: trained } = model.adder.config;
  const { vote = 1, fireRate = 0.5, schedule: chosen = "bernoulli", trace = false } = config;
  const longest = Math.max(operands[0].length, operands[1].length);
  if (!model.adder.config.operations.includes(operation)) {
    throw new ConfigError(operation, `expected a model that knows ${operation}, received ${name}. Use ripple-add-sub?`);
  }
  if (longest > model.adder.maxDigits) {
    const limit = `expected operands of at most ${model.adder.maxDigits} digits for ${name}`;
    throw new ConfigError(operation, `${limit}, received ${longest}. Use ripple?`);
  }
  if (!(fireRate > 0 && fireRate <= 1)) throw outside(operation, "fireRate above 0 and at most 1", fireRate);
  if (!Number.isInteger(vote) || vote < 1) throw outside(operation, "vote to be a whole number of at least 1", vote);
  const cells = Math.max(trained, longest + 1);
  const { schedule, steps: enough, news } = plan(chosen, cells, fireRate);
  const { steps = enough } = config;
  if (!Number.isInteger(steps) || steps < 1)
    throw outside(operation, "steps to be a whole number of at least 1", steps);
  const problems = problemsOf(
    Array.from({ length: vote }, () => operands),
    cells,
    operation,
  );
  const frames: Frame[] = [];
  const watch = trace ? { onStep: (step: Step) => frames.push(frameOf(model, cells, step)) } : {};
  const state = run(model, problems, { steps, schedule, news, key: key(seed), ...watch });
  const shown = readDigits(model, state).data as Int32Array;
  const ballots = Array.from({ length: vote }, (_, row) => shown.subarray(row * cells, (row + 1) * cells));
  return { digits: majority(ballots), ballots, frames, steps, schedule: schedule.name };
}

/** What the first strip of a batch looks like. */
function frameOf(model: Model, cells: number, { step, state, fired, experts }: Step): Frame {
  const { topK } = model.adder.config;
  let row = 0;
  return {
    step,
    digits: Array.from(readDigits(model, slice(state, [[0, 1], null, null])).data),
    experts: Array.from(fired.subarray(0, cells), (fires) => {
      if (fires === 0) return [];
      row++;
      return Array.from(experts.subarray((row - 1) * topK, row * topK));
    }),
  };
}

function outside(operation: string, expected: string, received: number): ConfigError {
  return new ConfigError(operation, `expected ${expected}, received ${received}`);
}
