// How many sums does an automaton with a mixture of experts do per second, and how long does a step of its training take?
import { gary, readDigits, run } from "@ganglion/models";
import { known, masksOf, rollOut, trainingStep } from "@ganglion/models/bench";
import { sequential } from "@ganglion/nca";
import { key } from "@ganglion/tensor";
import { rightShare } from "./contenders/automaton.ts";
import { loadPeers } from "./contenders/peers.ts";
import { contender, race } from "./measure/race.ts";
import { answer, atLeast, atMost, rowsOf } from "./measure/report.ts";
import { settings } from "./measure/settings.ts";
import { AUTOMATON, automatonFile, sums, trained } from "./work/automaton.ts";

const { cells, steps, batch, unroll } = AUTOMATON;
const problems = settings.short ? 1000 : 10_000;
const float32 = { adder: gary, params: trained, arithmetic: "float32" } as const;
const int8 = { ...float32, arithmetic: "int8" } as const;
const many = sums(problems);
const half = masksOf(problems * cells, steps, 0.5);
const all = masksOf(problems * cells, cells, 1);
/** Cell after cell from the lowest place on, twice. */
const sweeps = (batch: number): Uint8Array[] =>
  Array.from({ length: 2 * cells }, (_, step) => sequential().fired({ step, batch, cells, key: key(0) }));
const perSecond = (milliseconds: number): number => (problems / milliseconds) * 1e3;
const rate = (milliseconds: number): string => `${Math.round(perSecond(milliseconds)).toLocaleString("en")} sums/s`;

const peers = await loadPeers();
const file = automatonFile(many, half);
const rolled = await race([
  rollOut("ganglion, float32", float32, many, { masks: half }),
  rollOut("ganglion, int8", int8, many, { masks: half }),
  ...peers.flatMap((peer) => peer.automaton?.(file) ?? []),
]);

const schedules = [
  rollOut("int8, 24 steps of half the cells", int8, many, { masks: half }),
  ...[0.2, 0.3, 0.5].map((news) =>
    rollOut(`the same, only where news is above ${news}`, int8, many, { masks: half, news }),
  ),
  rollOut("float32, 8 steps of all cells", float32, many, { masks: all }),
  rollOut("int8, the same", int8, many, { masks: all }),
  ...[0.2, 0.3, 0.5, 0.6].map((news) =>
    rollOut(`the same, only where news is above ${news}`, int8, many, { masks: all, news }),
  ),
  rollOut("float32, two sweeps from the lowest place", float32, many, { masks: sweeps(problems) }),
  rollOut("int8, the same", int8, many, { masks: sweeps(problems) }),
];
const scheduled = await race(schedules, { agree: false });
const right = schedules.map((one) => rightShare(int8, one.run().state, many));
const fastest = scheduled.reduce(
  (best, { median }, place) => (right[place]! >= 0.9999 ? Math.min(best, median) : best),
  Infinity,
);

const few = sums(batch);
const masks = masksOf(batch * cells, unroll, 0.5);
const small = automatonFile(few, masks);
const trainings = await race([
  trainingStep("ganglion", float32, few, masks),
  ...peers.flatMap((peer) => peer.training?.(small) ?? []),
]);
for (const peer of peers) peer.close?.();

const one = sums(1);
const alone = masksOf(cells, steps, 0.5);
const latency = await race(
  [
    rollOut("float32", float32, one, { masks: alone }),
    rollOut("int8", int8, one, { masks: alone }),
    rollOut("int8, only where news is above .3", int8, one, { masks: alone, news: 0.3 }),
    rollOut("int8, two sweeps from the lowest place", int8, one, { masks: sweeps(1) }),
    contender("int8, from operands to digits", () => {
      const state = run(int8, one, { steps, schedule: known(alone), key: key(1) });
      return readDigits(int8, state).data[0]!;
    }),
  ],
  { agree: false },
);

const inference = rowsOf(`${problems.toLocaleString("en")} sums, 24 steps of half the cells`, rolled, {
  rate,
  target: ({ median }) => atLeast(24_000, "sums/s", perSecond(median)),
});
const integer = inference[1]!;
answer(
  "How many sums does an automaton with a mixture of experts do per second, and how long does a step of its training take?",
  [
    ...inference.map((row) =>
      row === integer ? { ...row, target: atLeast(60_000, "sums/s", perSecond(row.median)) } : row,
    ),
    ...rowsOf("schedules", scheduled, {
      rate,
      target: () => atLeast(150_000, "sums/s in the fastest with 99.99 %", perSecond(fastest)),
    }).map((row, place) => ({ ...row, note: note(place) })),
    ...rowsOf(`training, ${batch} sums x ${unroll} steps`, trainings, {
      target: ({ median }) => atMost(25, "ms", median),
    }),
    ...rowsOf("one sum alone", latency, { target: ({ median }) => atMost(0.05, "ms", median) }),
  ],
);

function note(place: number): string {
  const updates = schedules[place]!.run().fired / problems;
  return `${(100 * right[place]!).toFixed(2)} % right, ${updates.toFixed(1)} updates a sum`;
}
