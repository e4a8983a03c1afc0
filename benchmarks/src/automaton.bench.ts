// How many sums does an automaton with a mixture of experts do per second, and how long does a step of its training take?
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { automatonProgram, integerProgram } from "@ganglion/kernels";
import type { AutomatonShape, IntegerMatrix, MixtureWeights } from "@ganglion/kernels";
import { define, exactAnswers, gary, heldOut, load, readDigits, run, trainer } from "@ganglion/models";
import type { AdderParams } from "@ganglion/models";
import { fromData, key, uniform } from "@ganglion/tensor";

const ROUNDS = 9;
const [CELLS, CHANNELS, EXPERTS, STEPS] = [8, 32, 6, 24];
const problems = Number(process.argv[2] ?? 10_000);
const trained = await load("gary", { precision: "float32" }).catch(() => undefined);
const params = trained?.params ?? gary.init(key(1));
const sums = heldOut(5, problems);
const answers = exactAnswers(sums).data;

const seen = Array.from({ length: CELLS }, (_, cell) => [cell - 1, cell, cell + 1 < CELLS ? cell + 1 : -1]);
const shape: AutomatonShape = {
  cells: CELLS,
  neighbourhood: 3,
  neighbours: Int32Array.from(seen.flat()),
  channels: CHANNELS,
  hidden: 32,
  experts: EXPERTS,
  topK: 2,
};
const weights = weightsOf(params);
const inputs = gary.embed(params, sums).data as Float32Array;
const state = new Float32Array(inputs.length);
const plain = automatonProgram(shape);
plain.load(weights);
const integer = integerProgram(shape);
integer.load({
  router: quantized(weights.routerWeight, weights.routerBias, EXPERTS, 1),
  first: quantized(weights.w1, weights.b1, shape.hidden, EXPERTS),
  second: quantized(weights.w2, weights.b2, CHANNELS, EXPERTS),
  inputRange: inputs.reduce((most, x) => Math.max(most, Math.abs(x)), 0),
});
const half = masksOf(problems, STEPS, 0.5);
const all = masksOf(problems, CELLS, 1);
const job = { batch: problems, state, inputs };

interface Row {
  readonly name: string;
  /** State after the last step, and updates of cells. */
  readonly work: () => { state: Float32Array; fired: number };
}
const count = (masks: readonly Uint8Array[]): number =>
  masks.reduce((total, mask) => total + mask.reduce((sum, fires) => sum + fires, 0), 0);
const float = (masks: readonly Uint8Array[]): Row["work"] => {
  const fired = count(masks);
  return () => ({ state: plain.run({ ...job, masks }).states[0]!, fired });
};
const rows: readonly Row[] = [
  { name: "float32, 24 steps, half of the cells fire", work: float(half) },
  { name: "int8, the same", work: () => integer.run({ ...job, masks: half }) },
  {
    name: "int8, the same, only where news is above .3",
    work: () => integer.run({ ...job, masks: half, threshold: 0.3 }),
  },
  { name: "float32, 8 steps of all cells", work: float(all) },
  { name: "int8, the same", work: () => integer.run({ ...job, masks: all }) },
  {
    name: "int8, the same, only where news is above .3",
    work: () => integer.run({ ...job, masks: all, threshold: 0.3 }),
  },
  {
    name: "int8, the same, only where news is above .5",
    work: () => integer.run({ ...job, masks: all, threshold: 0.5 }),
  },
];

const { version } = process;
console.log(
  `Node ${version}, one thread, processor time: fastest (middle) of ${ROUNDS}; ${trained ? "" : "un"}trained weights\n`,
);
const times = interleaved(rows.map(({ work }) => work));
console.log("| inference | sums/s | updates a sum | ns an update | right |\n| --- | --- | --- | --- | --- |");
for (const [index, { name, work }] of rows.entries()) {
  const { state: last, fired } = work();
  const { best, middle } = times[index]!;
  const rates = `${rate(problems / best)} (${rate(problems / middle)})`;
  const nanoseconds = ((best / fired) * 1e9).toFixed(0);
  console.log(`| ${name} | ${rates} | ${(fired / problems).toFixed(1)} | ${nanoseconds} | ${rightShare(last)} |`);
}
const numpy = numpySeconds();
if (numpy === undefined) console.log("| numpy: not on this machine | | | | |");
else console.log(`| numpy, dense, 24 steps | ${rate(problems / numpy)} | 192.0 | | |`);

console.log("\n| work | ms: fastest (middle) |\n| --- | --- |");
const [batch, unroll] = [256, 20];
const taped = {
  batch,
  state: uniform(key(1), [batch, CELLS, CHANNELS], { min: -1 }).data as Float32Array,
  inputs: inputs.slice(0, batch * CELLS * CHANNELS),
  masks: masksOf(batch, unroll, 0.5),
  keep: true,
  choices: true,
  losses: true,
  tape: true,
};
const cotangents = {
  states: Array.from({ length: unroll }, () => taped.state),
  balance: new Float32Array(unroll).fill(0.001),
};
const { recipe } = await define("gary");
const phase = { ...recipe.phases[0]!, batch, unroll, synchronous: 0, fireRate: [0.499, 0.501] as const };
const training = trainer({ ...recipe, phases: [phase] }, gary);
let progress = training.init(key(1));
let update = 0;
const single = {
  batch: 1,
  state: state.slice(0, 256),
  inputs: inputs.slice(0, 256),
  masks: half.map((mask) => mask.slice(0, 8)),
};
const one = heldOut(5, 1);
const tasks: Readonly<Record<string, () => unknown>> = {
  "training, 256 sums x 20 steps: forward with tape": () => plain.run(taped),
  "the same, forward and backward": () => {
    plain.run(taped);
    return plain.backward(cotangents);
  },
  "the same in a training: pool, inputs, read-out, loss, AdamW, average": () => {
    progress = training.step(progress, { step: 1 + (update++ % 100), key: key(update) }).state;
  },
  "one sum alone, float32": () => plain.run(single),
  "one sum alone, int8": () => integer.run(single),
  "one sum alone, int8, only where news is above .3": () => integer.run({ ...single, threshold: 0.3 }),
  "one sum alone from operands to digits": () =>
    readDigits(
      { adder: gary, params },
      run({ adder: gary, params }, one, { steps: STEPS, schedule: firing(single.masks), key: key(1) }),
    ),
};
const spent = interleaved(Object.values(tasks));
for (const [index, name] of Object.keys(tasks).entries()) {
  const { best, middle } = spent[index]!;
  console.log(`| ${name} | ${(best * 1e3).toFixed(3)} (${(middle * 1e3).toFixed(3)}) |`);
}

function masksOf(strips: number, steps: number, p: number): Uint8Array[] {
  return Array.from({ length: steps }, (_, step) =>
    Uint8Array.from(uniform(key(step), [strips * CELLS]).data, (draw) => (draw < p ? 1 : 0)),
  );
}

function firing(masks: readonly Uint8Array[]): { name: string; fired(at: { step: number }): Uint8Array } {
  return { name: "known", fired: ({ step }) => masks[step]! };
}

function weightsOf({ rule: { router, experts } }: AdderParams): MixtureWeights {
  const named = { routerWeight: router.weight, routerBias: router.bias, ...experts };
  return Object.fromEntries(Object.entries(named).map(([name, { data }]) => [name, data])) as unknown as MixtureWeights;
}

/** Int8 codes with a scale for each column of each of several matrices. */
function quantized(values: Float32Array, bias: Float32Array, width: number, matrices: number): IntegerMatrix {
  const size = values.length / matrices;
  const column = (index: number): number => Math.floor(index / size) * width + (index % width);
  const scales = new Float32Array(width * matrices);
  for (const [index, value] of values.entries()) {
    scales[column(index)] = Math.max(scales[column(index)]!, Math.abs(value) / 127);
  }
  return { codes: Int8Array.from(values, (value, index) => Math.round(value / scales[column(index)]!)), scales, bias };
}

/** Share of sums whose digits are all right. */
function rightShare(last: Float32Array): string {
  const digits = readDigits({ adder: gary, params }, fromData(last, [problems, CELLS, CHANNELS])).data;
  let right = 0;
  for (let sum = 0; sum < problems; sum++) {
    let agree = true;
    for (let i = sum * CELLS; i < (sum + 1) * CELLS; i++) agree &&= digits[i] === answers[i];
    if (agree) right++;
  }
  return `${((100 * right) / problems).toFixed(3)} %`;
}

/** Seconds of processor time of each task, turn by turn, so that a busy moment of the machine hits them alike. */
function interleaved(tasks: readonly (() => unknown)[]): { best: number; middle: number }[] {
  for (const task of tasks) for (let warm = 0; warm < 3; warm++) task();
  const samples: number[][] = tasks.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, task] of tasks.entries()) samples[index]!.push(seconds(task));
  }
  return samples.map((turns) => {
    const sorted = turns.toSorted((a, b) => a - b);
    return { best: sorted[0]!, middle: sorted[ROUNDS >> 1]! };
  });
}

/** Seconds of one run, by at least 20 ms of runs. */
function seconds(task: () => unknown): number {
  const before = process.cpuUsage();
  let runs = 0;
  for (const start = performance.now(); performance.now() - start < 20; runs++) task();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / runs;
}

function rate(perSecond: number): string {
  return Math.round(perSecond).toLocaleString("en");
}

/** What numpy needs; undefined where there is none. */
function numpySeconds(): number | undefined {
  const script = join(import.meta.dirname, "../peers/automaton_numpy.py");
  for (const python of ["/usr/bin/python3", "python3"]) {
    try {
      const text = execFileSync(python, [script, String(problems)], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      return (JSON.parse(text) as { seconds: number }).seconds;
    } catch {
      continue;
    }
  }
  return undefined;
}
