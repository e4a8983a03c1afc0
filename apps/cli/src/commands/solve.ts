import type { CommandDef } from "citty";
import { command } from "../command.ts";
import type { Arithmetic, LoadedModel, Operation, ScheduleName, Solution, SolveConfig } from "@ganglion/models";
import { FailedRun, UsageError } from "../errors.ts";
import { operandsOf } from "../expression.ts";
import type { Operands } from "../expression.ts";
import { fastOption, useFast } from "../fast.ts";
import { loadModel } from "../model.ts";
import { count, numberOption, rate, whole } from "../options.ts";

const args = {
  operands: { type: "positional", required: false, description: "Two numbers of any length: 12 + 34, 12+34 or 12 34" },
  model: { type: "string", description: "Model that answers", valueHint: "name" },
  weights: { type: "string", description: "Weights file to use instead of those that ship", valueHint: "file" },
  vote: { type: "string", description: "Orders of firing that vote on each digit", valueHint: "1" },
  steps: { type: "string", description: "Steps; as many as the longest carry may take, unless given", valueHint: "n" },
  schedule: {
    type: "string",
    description:
      "bernoulli, synchronous, lowest-first, highest-first, even-odd, single, event-driven, or cells as in 2,0,1",
    valueHint: "name",
  },
  "fire-rate": { type: "string", description: "Probability with which a cell fires in a step", valueHint: ".5" },
  seed: { type: "string", description: "Decides the order of firing", valueHint: "0" },
  exact: { type: "boolean", description: "Compute in float32 and plain operations, the reference of the fast kernels" },
  fast: fastOption,
  check: { type: "boolean", description: "Compare with exact arithmetic, which otherwise plays no part" },
  show: { type: "boolean", description: "Show every step: who fired, which experts they asked, what they read" },
  live: { type: "boolean", description: "Like --show, animated" },
  json: { type: "boolean", description: "Report as JSON" },
} as const;

/** `ganglion add`. */
export const add: CommandDef = solver("add", "Add two numbers");

/** `ganglion sub`. */
export const sub: CommandDef = solver("sub", "Subtract one number from another");

/** What the options of one call amount to. */
type Options = Record<Exclude<keyof typeof args, "operands">, string | boolean | undefined>;

function solver(operation: Operation, description: string): CommandDef {
  return command({
    meta: { name: operation, description },
    args,
    run: ({ args: given }) => answer(operation, operandsOf(operation, given._), given as unknown as Options),
  });
}

async function answer(operation: Operation, operands: Operands, options: Options): Promise<void> {
  const text = (name: keyof Options): string | undefined => options[name] as string | undefined;
  const seed = numberOption(operation, "seed", text("seed"), whole) ?? 0;
  const config = { ...configOf(operation, text), seed };
  const { arithmeticOf, isTransformer, parseDigits, solve } = await import("@ganglion/models");
  const named = text("model");
  if (operation === "add" && named !== undefined && isTransformer(named)) {
    const { addByTransformer } = await import("./transformers/add.ts");
    const foreign = ["weights", "vote", "steps", "schedule", "fire-rate", "live"].filter((name) => name in options);
    if (options.fast === true) throw new UsageError(`add: expected --fast with meshes only, received ${named}`);
    const asked = { show: options.show === true, check: options.check === true, json: options.json === true };
    return addByTransformer(named, operands, { ...asked, foreign: foreign.map((name) => `--${name}`) });
  }
  await checkSchedule(operation, config.schedule);
  for (const operand of operands) parseDigits(operand, operation);
  const loaded = await loadModel(operation, text("model") ?? defaultModel(operation), text("weights"));
  const model = { ...loaded, fused: options.exact !== true };
  const arithmetic = arithmeticOf(model);
  const { fast, exact: plain } = options;
  await useFast(operation, fast === true, { model: loaded.card.model, arithmetic, exact: plain === true });
  const watched = options.show === true || options.live === true;
  const solution = solve(model, operation, ...operands, { ...config, trace: watched });
  const exact = options.check === true ? exactAnswer(solution) : undefined;
  if (options.json === true) printJson(model, arithmetic, solution, seed, exact);
  else if (!watched) process.stdout.write(`${solution.answer}\n`);
  else await show(model, arithmetic, solution, seed, options.live === true);
  if (exact !== undefined && exact !== solution.answer) {
    throw new FailedRun(`${operation}: the model answered ${solution.answer}, exact arithmetic says ${exact}`);
  }
  if (exact !== undefined && options.json !== true) process.stderr.write("checked: exact arithmetic agrees\n");
}

/** The any-length model that knows the operation. */
export function defaultModel(operation: Operation): string {
  return operation === "add" ? "ripple" : "ripple-add-sub";
}

function configOf(
  operation: Operation,
  text: (name: "vote" | "steps" | "schedule" | "fire-rate") => string | undefined,
): SolveConfig {
  const vote = numberOption(operation, "vote", text("vote"), count);
  const steps = numberOption(operation, "steps", text("steps"), count);
  const fireRate = numberOption(operation, "fire-rate", text("fire-rate"), rate);
  const name = text("schedule");
  if (fireRate !== undefined && name !== undefined && name !== "bernoulli") {
    throw new UsageError(`${operation}: expected --fire-rate with --schedule bernoulli only, received ${name}`);
  }
  const listed = name !== undefined && /^\d+(,\d+)*$/u.test(name) ? name.split(",").map(Number) : undefined;
  return {
    ...(vote === undefined ? {} : { vote }),
    ...(steps === undefined ? {} : { steps }),
    ...(fireRate === undefined ? {} : { fireRate }),
    ...(name === undefined ? {} : { schedule: listed ?? (name as ScheduleName) }),
  };
}

/** @throws UsageError for a schedule that nobody knows */
async function checkSchedule(operation: Operation, schedule: SolveConfig["schedule"]): Promise<void> {
  const { didYouMean, scheduleNames: names } = await import("@ganglion/models");
  if (typeof schedule !== "string" || names.some((name) => name === schedule)) return;
  const expected = `expected --schedule to be ${names.join(", ")} or a list of cells`;
  throw new UsageError(`${operation}: ${expected}, received ${schedule}.${didYouMean(schedule, names)}`);
}

/** The only place where a command does arithmetic, and only when asked to check. */
function exactAnswer({ operation, operands: [a, b] }: Solution): string {
  return String(operation === "add" ? BigInt(a) + BigInt(b) : BigInt(a) - BigInt(b));
}

function printJson(
  model: LoadedModel,
  arithmetic: Arithmetic,
  solution: Solution,
  seed: number,
  exact: string | undefined,
): void {
  const { operation, operands, answer: said, exchanged, cells, steps, schedule, votes, frames } = solution;
  const agreement = votes.filter((vote) => vote === said).length / votes.length;
  const report = {
    operation,
    operands,
    answer: said,
    model: model.card.model,
    parameters: model.card.parameters,
    arithmetic,
    cells,
    steps,
    schedule,
    seed,
    exchanged,
    votes,
    agreement,
    ...(exact === undefined ? {} : { exact, right: exact === said }),
    ...(frames.length === 0 ? {} : { frames }),
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}

async function show(
  { card }: LoadedModel,
  arithmetic: Arithmetic,
  solution: Solution,
  seed: number,
  live: boolean,
): Promise<void> {
  const { renderShow } = await import("../render/show.ts");
  const { styleFor, widthOf } = await import("../terminal/style.ts");
  const about = `${card.model}, ${card.parameters.toLocaleString("en")} parameters in ${arithmetic}, seed ${seed}`;
  const look = { style: styleFor(process.stdout), width: widthOf(process.stdout) };
  if (live && process.stdout.isTTY) {
    const { animate } = await import("../terminal/animate.ts");
    await animate(solution, about, look);
  } else process.stdout.write(`${renderShow(solution, about, look).join("\n")}\n`);
}
