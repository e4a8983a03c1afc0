/** What one run cost, on average over a turn. */
export interface Sample {
  /** Milliseconds of processor time: what other programs on the machine do does not count. */
  readonly cpu: number;
  /** Milliseconds by the clock. */
  readonly wall: number;
  /** What the last run returned. */
  readonly value: number;
}

/** Someone who does the work of a question. */
export interface Contender {
  readonly name: string;
  /** Works for so many milliseconds, once at least. */
  sample(milliseconds: number): Promise<Sample>;
}

/** Middle and quartiles over the turns of one contender, milliseconds of processor time. */
export interface Timing {
  readonly name: string;
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Middle by the clock. */
  readonly wall: number;
  /** Of each turn, in order. */
  readonly turns: readonly number[];
}

/** How contenders take turns. */
export interface RaceConfig {
  /** Turns of each contender. */
  readonly rounds: number;
  /** Length of a turn in milliseconds. */
  readonly milliseconds: number;
  /** Whether their first results must agree. Default true. */
  readonly agree?: boolean;
}

/**
 * A contender that repeats `run`.
 *
 * @param run does the work, `times` times over, and returns a number that all contenders must agree on when they run first
 */
export function contender(name: string, run: () => number | Promise<number>, times = 1): Contender {
  return {
    name,
    async sample(milliseconds) {
      const before = processorTime();
      const start = performance.now();
      let value = 0;
      let runs = 0;
      do {
        const result = run();
        value = typeof result === "number" ? result : await result;
        runs += times;
      } while (performance.now() - start < milliseconds);
      return { cpu: (processorTime() - before) / runs, wall: (performance.now() - start) / runs, value };
    },
  };
}

/**
 * Times contenders turn by turn, so that a busy moment of the machine hits them alike.
 *
 * @throws Error when their first results differ by more than a thousandth
 */
export async function race(
  contenders: readonly Contender[],
  { rounds, milliseconds, agree = true }: RaceConfig,
): Promise<Timing[]> {
  const firsts: number[] = [];
  for (const one of contenders) firsts.push((await one.sample(0)).value);
  if (agree) requireAgreement(contenders, firsts);
  for (const one of contenders) await one.sample(5 * milliseconds);
  const turns: Sample[][] = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [place, one] of contenders.entries()) turns[place]!.push(await one.sample(milliseconds));
  }
  return contenders.map(({ name }, place) => {
    const spent = turns[place]!.map(({ cpu }) => cpu);
    const wall = turns[place]!.map((turn) => turn.wall);
    const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(spent, share)) as [number, number, number];
    return { name, low, median, high, wall: quantile(wall, 0.5), turns: spent };
  });
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))]!;
}

function requireAgreement(contenders: readonly Contender[], values: readonly number[]): void {
  const [expected] = values as [number];
  contenders.forEach(({ name }, place) => {
    if (Math.abs(values[place]! - expected) <= 1e-3 * (1e-3 + Math.abs(expected))) return;
    throw new Error(`${name}: expected ${expected} like ${contenders[0]!.name}, received ${values[place]}`);
  });
}

/** Milliseconds of processor time of this process; by the clock in a browser, which does not tell. */
function processorTime(): number {
  const { process } = globalThis as { process?: { cpuUsage?(): { user: number; system: number } } };
  const used = process?.cpuUsage?.();
  return used === undefined ? performance.now() : (used.user + used.system) / 1000;
}
