import { slice } from "@ganglion/tensor";
import type { Key, Tensor } from "@ganglion/tensor";
import type { Schedule } from "@ganglion/nca";
import { exactAnswers } from "../oracle/exact.ts";
import { settledCells, settledProblems } from "../oracle/lightCone.ts";
import { selectProblems } from "../problems/problems.ts";
import type { Problems } from "../problems/problems.ts";
import { readDigits, run } from "../solve/run.ts";
import type { Model } from "../solve/run.ts";

/** What is measured. */
export interface MeasureConfig {
  readonly steps: number;
  readonly schedule: Schedule;
  readonly key: Key;
  /** Steps after which digits are read. Default: the last only. */
  readonly at?: readonly number[];
  /** State at the start, `[n, cells, channels]`. Default 0. */
  readonly start?: Tensor;
  /** What counts as news for a cell that waits for it; as in `RunConfig`. */
  readonly news?: number | undefined;
}

/** What stood in the cells at one moment. */
export interface Reading {
  /** Digits, `[n * cells]`. */
  readonly digits: Int32Array;
  /** Problems whose digits are all right, `[n]`, 0 or 1. */
  readonly right: Uint8Array;
  /** Problems whose carries had all arrived: what the best of rules could get right, `[n]`, 0 or 1. */
  readonly settled: Uint8Array;
}

/** Readings at the moments asked for. */
export interface Measured {
  readonly at: ReadonlyMap<number, Reading>;
  /** The reading after the last step. */
  readonly last: Reading;
  /** How often each expert was asked. */
  readonly asked: readonly number[];
}

/** Problems that are run at a time; the result does not depend on it. */
const CHUNK = 1000;

/** Runs a model on problems and compares what it shows with exact arithmetic and with the light cone of the carries. */
export function measure(model: Model, problems: Problems, config: MeasureConfig): Measured {
  const [n, cells] = problems.a.shape as [number, number];
  const { steps, at = [steps], start, ...rest } = config;
  const readings = new Map(
    [...new Set([...at, steps])].map((step) => [
      step,
      { digits: new Int32Array(n * cells), right: new Uint8Array(n), settled: new Uint8Array(n) },
    ]),
  );
  const asked = Array.from({ length: model.adder.config.experts }, () => 0);
  const answers = exactAnswers(problems).data;
  for (let first = 0; first < n; first += CHUNK) {
    const rows = Array.from({ length: Math.min(CHUNK, n - first) }, (_, row) => first + row);
    const chunk = selectProblems(problems, rows);
    const from = start === undefined ? {} : { start: slice(start, [[first, first + rows.length], null, null]) };
    let settled: Uint8Array | undefined;
    run(model, chunk, {
      ...rest,
      ...from,
      steps,
      first,
      onStep({ step, state, asked: mask, experts }) {
        // a cell without news shows what it would show had it fired
        settled = settledCells(chunk, mask, settled);
        for (const expert of experts) asked[expert]!++;
        const reading = readings.get(step);
        if (reading === undefined) return;
        reading.digits.set(readDigits(model, state).data, first * cells);
        reading.settled.set(settledProblems(settled, cells), first);
      },
    });
  }
  for (const { digits, right } of readings.values()) right.set(rightRows(digits, answers, cells));
  return { at: readings, last: readings.get(steps)!, asked };
}

/** Rows in which all digits agree, 0 or 1. */
export function rightRows(digits: ArrayLike<number>, answers: ArrayLike<number>, cells: number): Uint8Array {
  const right = new Uint8Array(digits.length / cells).fill(1);
  for (let index = 0; index < digits.length; index++) {
    if (digits[index] !== answers[index]) right[Math.trunc(index / cells)] = 0;
  }
  return right;
}
