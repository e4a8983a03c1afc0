import { cpus, loadavg } from "node:os";
import type { CommandDef } from "citty";
import type { Answered } from "@ganglion/models/bench";
import { command } from "../command.ts";
import type { Machine } from "../render/bench.ts";
import { version } from "../commands.ts";
import { count, noOperands, numberOption } from "../options.ts";

const args = {
  rounds: { type: "string", description: "Turns of each contender", valueHint: "9" },
  json: { type: "boolean", description: "Report as JSON" },
} as const;

/** Length of a turn. */
const MILLISECONDS = 20;

/** `ganglion bench`. */
export const bench: CommandDef = command({
  meta: { name: "bench", description: "Measure how fast this machine trains and runs the models" },
  args,
  async run({ args: given }) {
    noOperands("bench", given._);
    const rounds = numberOption("bench", "rounds", given.rounds, count) ?? 9;
    const { threads } = await import("@ganglion/models");
    const { ask, questions } = await import("@ganglion/models/bench");
    threads(1);
    const answers: Answered[] = [];
    for await (const answer of ask(questions, { rounds, milliseconds: MILLISECONDS })) {
      answers.push(answer);
      if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${answer.name}`);
    }
    if (process.stderr.isTTY) process.stderr.write("\r\u001B[K");
    if (given.json === true) process.stdout.write(`${JSON.stringify(reportOf(answers), null, 2)}\n`);
    else {
      const { renderBench } = await import("../render/bench.ts");
      const { styleFor } = await import("../terminal/style.ts");
      process.stdout.write(`${renderBench(answers, machine(), styleFor(process.stdout))}\n`);
    }
  },
});

function machine(): Machine {
  const [processor] = cpus();
  return {
    processor: processor?.model.trim() ?? "unknown",
    cores: cpus().length,
    load: loadavg()[0]!,
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    ganglion: version,
  };
}

function reportOf(answers: readonly Answered[]) {
  return {
    date: new Date().toISOString(),
    machine: machine(),
    answers: answers.map(({ name, timings, rate }) => ({
      name,
      rows: timings.map(({ name: contender, median, low, high, wall }) => ({
        contender,
        unit: "ms",
        median,
        low,
        high,
        wall,
        ...(rate && { rate: (1000 * rate.perRun) / median, rateUnit: rate.unit }),
      })),
    })),
  };
}
