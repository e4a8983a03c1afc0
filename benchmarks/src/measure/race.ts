import { settings } from "./settings.ts";

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

/** Middle and quartiles over the turns of one contender. */
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

/**
 * A contender that repeats `run`.
 *
 * @param run does the work, `times` times over, and returns a number that all contenders must agree on when they run first
 */
export function contender(name: string, run: () => number | Promise<number>, times = 1): Contender {
  return {
    name,
    async sample(milliseconds) {
      const before = process.cpuUsage();
      const start = performance.now();
      let value = 0;
      let runs = 0;
      do {
        const result = run();
        value = typeof result === "number" ? result : await result;
        runs += times;
      } while (performance.now() - start < milliseconds);
      const wall = performance.now() - start;
      const { user, system } = process.cpuUsage(before);
      return { cpu: (user + system) / 1000 / runs, wall: wall / runs, value };
    },
  };
}

/**
 * Times contenders turn by turn, so that a busy moment of the machine hits them alike.
 *
 * @param options.agree whether their first results must agree; default true
 */
export async function race(
  contenders: readonly Contender[],
  { agree = true }: { readonly agree?: boolean } = {},
): Promise<Timing[]> {
  const { rounds, milliseconds } = settings;
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
    const wall = quantile(
      turns[place]!.map((turn) => turn.wall),
      0.5,
    );
    return { name, ...quartiles(spent), wall, turns: spent };
  });
}

function quartiles(values: readonly number[]): { median: number; low: number; high: number } {
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) };
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
