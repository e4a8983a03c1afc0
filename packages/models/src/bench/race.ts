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

/** How many times the length of all turns a contender may take whose single runs are longer than a turn. */
const PATIENCE = 4;
/** Turns that it takes in any case. */
const FEWEST = 3;

/**
 * Times contenders turn by turn, so that a busy moment of the machine hits them alike. Who is very slow takes fewer turns.
 *
 * @throws Error when their first results differ by more than a thousandth
 */
export async function race(
  contenders: readonly Contender[],
  { rounds, milliseconds, agree = true }: RaceConfig,
): Promise<Timing[]> {
  const firsts: Sample[] = [];
  for (const one of contenders) firsts.push(await one.sample(0));
  if (agree) requireAgreement(contenders, firsts);
  const budgets: number[] = [];
  for (const [place, one] of contenders.entries()) {
    const slow = firsts[place]!.wall > 20 * milliseconds;
    const { wall } = await one.sample(slow ? 0 : 5 * milliseconds);
    const affordable = Math.floor((PATIENCE * rounds * milliseconds) / wall);
    budgets.push(Math.min(rounds, Math.max(FEWEST, affordable)));
  }
  const turns: Sample[][] = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [place, one] of contenders.entries()) {
      if (round < budgets[place]!) turns[place]!.push(await one.sample(milliseconds));
    }
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

function requireAgreement(contenders: readonly Contender[], firsts: readonly Sample[]): void {
  const expected = firsts[0]!.value;
  contenders.forEach(({ name }, place) => {
    const { value } = firsts[place]!;
    if (Math.abs(value - expected) <= 1e-3 * (1e-3 + Math.abs(expected))) return;
    throw new Error(`${name}: expected ${expected} like ${contenders[0]!.name}, received ${value}`);
  });
}

/** Milliseconds of processor time of this process; by the clock in a browser, which does not tell. */
function processorTime(): number {
  const { process } = globalThis as { process?: { cpuUsage?(): { user: number; system: number } } };
  const used = process?.cpuUsage?.();
  return used === undefined ? performance.now() : (used.user + used.system) / 1000;
}
