import type { WriteStream } from "node:tty";

/** Facts about one update. */
type Metrics = Readonly<Record<string, number>>;

/** Tells how a training goes: one line that is overwritten on a terminal, a line now and then elsewhere. */
export interface Progress {
  update(step: number, metrics: Metrics, elapsed: number): void;
  end(): void;
}

const LINES_EVERY_SECONDS = 10;
const REDRAWS_EVERY_SECONDS = 0.2;
/** Share of an old value in the running means. */
const MEMORY = 0.95;

/**
 * Begins to tell.
 *
 * @param steps updates of the whole training
 * @param start updates that are done already
 * @param limit seconds after which it stops
 */
export function progress(
  stream: Pick<WriteStream, "isTTY" | "write">,
  steps: number,
  start: number,
  limit: number | undefined,
): Progress {
  let means: Metrics | undefined;
  let told = Number.NEGATIVE_INFINITY;
  let last = "";
  return {
    update(step, metrics, elapsed) {
      const before = means ?? metrics;
      means = Object.fromEntries(
        Object.entries(metrics).map(([name, value]) => [name, (before[name] ?? value) * MEMORY + value * (1 - MEMORY)]),
      );
      last = describe(step, steps, means, (step - start) / elapsed, elapsed, limit);
      if (elapsed - told < (stream.isTTY ? REDRAWS_EVERY_SECONDS : LINES_EVERY_SECONDS)) return;
      told = elapsed;
      stream.write(stream.isTTY ? `\r\u001B[K${last}` : `${last}\n`);
    },
    end() {
      if (last !== "") stream.write(stream.isTTY ? `\r\u001B[K${last}\n` : `${last}\n`);
    },
  };
}

/** One line: where it stands, rate, loss, exact answers, spread of the work, time left. */
export function describe(
  step: number,
  steps: number,
  { loss, exact, idlest, busiest }: Metrics,
  perSecond: number,
  elapsed: number,
  limit: number | undefined,
): string {
  const left = Math.min((steps - step) / perSecond, (limit ?? Number.POSITIVE_INFINITY) - elapsed);
  const parts = [
    `${step}/${steps}`,
    `${perSecond.toFixed(1)} updates/s`,
    `loss ${loss?.toFixed(4)}`,
    `exact ${((exact ?? 0) * 100).toFixed(1)} %`,
    `experts ${idlest?.toFixed(2)}-${busiest?.toFixed(2)}`,
    `${clock(Math.max(0, left))} left`,
  ];
  return parts.join("  ");
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.trunc(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
