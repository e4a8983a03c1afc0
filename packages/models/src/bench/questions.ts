import { heldOut } from "../problems/heldOut.ts";
import { load } from "../weights/registry.ts";
import { masksOf, rollOut, trainingStep } from "./automaton.ts";
import { mlp, products } from "./perceptron.ts";
import { race } from "./race.ts";
import type { Contender, RaceConfig, Timing } from "./race.ts";

/** A piece of work, and who does it. */
export interface Question {
  readonly name: string;
  contenders(this: void): Promise<readonly Contender[]>;
  /** What a run amounts to, in another unit. */
  readonly rate?: { readonly unit: string; readonly perRun: number };
}

/** A question with what was measured. */
export interface Answered extends Question {
  readonly timings: readonly Timing[];
}

const SUMS = 1000;
const STEPS = 24;
const CELLS = 8;
const BATCH = 256;
const UNROLL = 20;
const SIDE = 128;

/** What is worth knowing of the speed of a machine, in about ten seconds. */
export const questions: readonly Question[] = [
  {
    name: `product of matrices, ${SIDE} x ${SIDE} x ${SIDE}`,
    contenders: async () => [products(SIDE, SIDE, SIDE)],
    rate: { unit: "GFLOP/s", perRun: (2 * SIDE ** 3) / 1e9 },
  },
  {
    name: "training step of a perceptron, 64-128-10, batch 256, Adam",
    contenders: async () => [mlp("compiled"), mlp("eager")],
  },
  {
    name: `${SUMS.toLocaleString("en")} sums by gary, ${STEPS} steps of half of the cells`,
    async contenders() {
      const [sums, masks] = [heldOut(5, SUMS), masksOf(SUMS * CELLS, STEPS, 0.5)];
      const [float32, int8] = [await load("gary", { precision: "float32" }), await load("gary")];
      return [rollOut("ganglion, int8", int8, sums, { masks }), rollOut("ganglion, float32", float32, sums, { masks })];
    },
    rate: { unit: "sums/s", perRun: SUMS },
  },
  {
    name: `training step of gary, ${BATCH} sums, ${UNROLL} steps`,
    async contenders() {
      const gary = await load("gary", { precision: "float32" });
      return [trainingStep("ganglion", gary, heldOut(5, BATCH), masksOf(BATCH * CELLS, UNROLL, 0.5))];
    },
  },
];

/** Asks the questions one after the other. */
export async function* ask(asked: readonly Question[], config: RaceConfig): AsyncGenerator<Answered> {
  for (const question of asked) yield { ...question, timings: await race(await question.contenders(), config) };
}
