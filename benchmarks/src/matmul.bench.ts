// How fast is a product of float32 matrices, by size, and how near does it come to what the core can do?
import { gemm, reserve } from "@ganglion/kernels";
import { fast } from "@ganglion/kernels/fast";
import { products } from "@ganglion/models/bench";
import { isPython, loadPeers } from "./contenders/peers.ts";
import { PEAK_OPERATIONS, peak } from "./measure/peak.ts";
import { contender, race } from "./measure/race.ts";
import type { Contender, Timing } from "./measure/race.ts";
import { answer, rowsOf } from "./measure/report.ts";
import type { Row } from "./measure/report.ts";
import { settings } from "./measure/settings.ts";
import { numbers } from "./work/numbers.ts";

/** Share of the core's peak that a tile must reach. */
const FLOOR = 0.8;

const tiles = [
  [64, 64, 64],
  [128, 128, 128],
  [2048, 32, 96],
] as const;
const sizes = settings.short ? tiles : ([[32, 32, 32], ...tiles, [512, 512, 512]] as const);

const rows: Row[] = [];
const peers = await loadPeers();
for (const [m, n, k] of sizes) {
  const contenders = [products(m, n, k)];
  for (const peer of peers) if (peer.matmul) contenders.push(await peer.matmul(m, n, k));
  const timings = await race(contenders);
  rows.push(
    ...rowsOf(`${m} x ${k} x ${n}, a tensor each`, timings, {
      rate: (milliseconds) => gigaflops(2 * m * n * k, milliseconds),
      ...(peers.length > 0 && { target: aheadOfJavaScript }),
    }),
  );
}
const slow: string[] = [];
for (const [m, n, k] of tiles) {
  const [own, top] = (await race([inPlace(m, n, k), peak()])) as [Timing, Timing];
  // the fastest turns: a neighbour on the same core slows a loop that loads more than one that counts in registers
  const [fast, limit] = [Math.min(...own.turns), Math.min(...top.turns)];
  const share = (2 * m * n * k) / fast / (PEAK_OPERATIONS / limit);
  const met = share >= FLOOR;
  const work = `${m} x ${k} x ${n}, in place`;
  rows.push({
    ...rowsOf(work, [own])[0]!,
    rate: `at best ${gigaflops(2 * m * n * k, fast)}, ${percent(share)} of ${gigaflops(PEAK_OPERATIONS, limit)}`,
    target: { text: `>= ${percent(FLOOR)} of the core's peak`, met },
  });
  if (!met) slow.push(`${work}: ${percent(share)}`);
}
if (fast(true)) {
  for (const [m, n, k] of tiles) {
    const [relaxed] = (await race([inPlace(m, n, k)])) as [Timing];
    const rate = `at best ${gigaflops(2 * m * n * k, Math.min(...relaxed.turns))}`;
    rows.push({ ...rowsOf(`${m} x ${k} x ${n}, in place, relaxed`, [relaxed])[0]!, rate });
  }
  fast(false);
}
for (const peer of peers) peer.close?.();
answer("How fast is a product of float32 matrices, by size, and how near does it come to what the core can do?", rows);
if (slow.length > 0) {
  console.error(`below ${percent(FLOOR)} of the peak that the same run measured: ${slow.join("; ")}`);
  process.exitCode = 1;
}

/** A product whose operands and result stay in the kernels' memory. */
function inPlace(m: number, n: number, k: number): Contender {
  const region = reserve((m * k + k * n + m * n) * 4);
  const part = (start: number, length: number) => new Float32Array(region.buffer, region.start + start * 4, length);
  const [a, b, out] = [part(0, m * k), part(m * k, k * n), part(m * k + k * n, m * n)];
  a.set(numbers(a.length, 1, 21));
  b.set(numbers(b.length, 1, 22));
  return contender("ganglion", () => {
    gemm({ m, n, k, a, b, out });
    return 0;
  });
}

function aheadOfJavaScript(first: Timing, others: readonly Timing[]) {
  const best = Math.min(...others.filter(({ name }) => !isPython(name)).map(({ median }) => median));
  const ahead = best / first.median;
  return { text: `1.2 times the best in JavaScript (${ahead.toFixed(2)})`, met: ahead >= 1.2 };
}

function gigaflops(operations: number, milliseconds: number): string {
  return `${(operations / milliseconds / 1e6).toFixed(1)} GFLOP/s`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
