// How many pairs of a context and a word are learned in a second, each with three words drawn against it?
import { learnPairsReference, pairTable } from "@ganglion/kernels";
import { loadPeers } from "./contenders/peers.ts";
import { contender, race } from "./measure/race.ts";
import type { Contender, Timing } from "./measure/race.ts";
import { answer, rowsOf } from "./measure/report.ts";
import type { Row, Target } from "./measure/report.ts";
import { settings } from "./measure/settings.ts";
import { fileOf } from "./work/arrays.ts";
import { pairRule, pairs } from "./work/pairs.ts";

const count = settings.short ? 200_000 : 5_000_000;
const peers = await loadPeers(["numba"]);
const rows: Row[] = [];
for (const vocabulary of settings.short ? [2500] : [2500, 4000, 8000]) {
  const work = pairs(vocabulary, count);
  const { gain, loss, bound, negatives, seed } = pairRule;
  const file = fileOf({
    contexts: { data: work.contexts, shape: [count] },
    words: { data: work.words, shape: [count] },
    sizes: { data: Int32Array.of(vocabulary, vocabulary, negatives, seed), shape: [4] },
    rule: { data: Float32Array.of(gain, loss, bound), shape: [3] },
  });
  const contenders = [
    sorted(vocabulary, work, "ganglion, sorting included", true),
    sorted(vocabulary, work, "ganglion, further passes over the same pairs", false),
    oneByOne(vocabulary, work),
    ...peers.flatMap((peer) => peer.pairs?.(file) ?? []),
  ];
  const rate = (milliseconds: number): string => `${(count / milliseconds / 1000).toFixed(1)} M/s`;
  const name = `${vocabulary.toLocaleString("en")} words, ${count.toLocaleString("en")} pairs`;
  rows.push(...rowsOf(name, await race(contenders), { rate, target: fasterThanNumba }));
}
for (const peer of peers) peer.close?.();
answer("How many pairs of a context and a word are learned in a second, each with three words drawn against it?", rows);

function sorted(vocabulary: number, work: ReturnType<typeof pairs>, name: string, each: boolean): Contender {
  const table = pairTable({ contexts: vocabulary, words: vocabulary, pairs: count });
  table.contexts.set(work.contexts);
  table.words.set(work.words);
  table.take(count);
  return contender(name, () => {
    if (each) table.take(count);
    table.learn(pairRule);
    return firstRow(table.weights, vocabulary);
  });
}

function oneByOne(vocabulary: number, work: ReturnType<typeof pairs>): Contender {
  const weights = new Float32Array(vocabulary ** 2);
  const operands = { weights, contexts: Uint16Array.from(work.contexts), words: Uint16Array.from(work.words) };
  return contender("ganglion, its plain loop", () => {
    learnPairsReference(operands, [vocabulary, vocabulary], count, pairRule);
    return firstRow(weights, vocabulary);
  });
}

function firstRow(weights: Float32Array, words: number): number {
  let total = 0;
  for (let word = 0; word < words; word++) total += weights[word]!;
  return total;
}

function fasterThanNumba({ median }: Timing, others: readonly Timing[]): Target {
  const theirs = others.find(({ name }) => name === "numba")?.median;
  return theirs === undefined
    ? { text: ">= 5 x numba, which is missing", met: false }
    : { text: `>= 5 x numba (${(theirs / median).toFixed(2)} x)`, met: theirs >= 5 * median };
}
