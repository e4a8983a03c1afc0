import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { CommandDef } from "citty";
import type { ModuleReport } from "@ganglion/adders/node";
import type { Report, SuiteResult } from "@ganglion/adders";
import { command } from "../../command.ts";
import { FailedRun, UsageError } from "../../errors.ts";
import { numberOption, oneOperand, seconds, whole } from "../../options.ts";

const args = {
  model: { type: "positional", required: false, description: "A transformer that adds, or a file that exports one" },
  weights: { type: "string", description: "Weights for the model, as ganglion export writes them", valueHint: "file" },
  seed: { type: "string", description: "Seed of the random pairs", valueHint: "2025" },
  n: { type: "string", description: "Number of random pairs", valueHint: "10000" },
  boundaries: { type: "string", description: "Sums about round numbers that a file faces", valueHint: "10000" },
  seconds: { type: "string", description: "Time limit of a file for 50 sums", valueHint: "30" },
  json: { type: "boolean", description: "Report as JSON" },
} as const;

/** `ganglion verify`. */
export const verifyCommand: CommandDef = command({
  meta: { name: "verify", description: "Let a transformer that adds face the public protocol, and harder cases" },
  args,
  async run({ args: given }) {
    const name = oneOperand("verify", given._, "tiny9");
    const seed = BigInt(numberOption("verify", "seed", given.seed, whole) ?? 2025);
    const n = numberOption("verify", "n", given.n, whole) ?? 10_000;
    const limit = numberOption("verify", "seconds", given.seconds, seconds) ?? 30;
    const boundaries = numberOption("verify", "boundaries", given.boundaries, whole) ?? 10_000;
    const report = await reportOf(name, { seed, n, boundaries, seconds: limit }, given.weights);
    process.stdout.write(
      given.json === true ? `${JSON.stringify(report, null, 2)}\n` : `${describe(report).join("\n")}\n`,
    );
    if (!report.qualified) throw new FailedRun(`verify: ${report.model} does not qualify`);
  },
});

async function reportOf(
  name: string,
  config: { readonly seed: bigint; readonly n: number; readonly boundaries: number; readonly seconds: number },
  file: string | undefined,
): Promise<Report | ModuleReport> {
  if (/[./\\]/u.test(name)) {
    if (file !== undefined)
      throw new UsageError("verify: expected --weights with the name of a model, received a module");
    if (!existsSync(name)) throw new FailedRun(`verify: expected a file at ${name}, found none`);
    const { verifyModule } = await import("@ganglion/adders/node");
    return verifyModule(name, config);
  }
  const { loadTransformer } = await import("@ganglion/models");
  const { importWeights, verify } = await import("@ganglion/adders");
  const adder = (await loadTransformer(name, "verify")).adder();
  return verify(file === undefined ? adder : importWeights(adder, await bytesOf(file)), config);
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch {
    throw new FailedRun(`verify: expected weights in ${file}, found no such file`);
  }
}

function describe(report: Report | ModuleReport): string[] {
  const { model, hash, protocol, suites, qualified } = report;
  const carries = suites.filter(({ name }) => name.startsWith("carries"));
  const mistakes = [protocol, ...suites].flatMap((suite) => suite.mistakes).slice(0, 5);
  return [
    `${model}: ${qualified ? "qualified" : "does not qualify"}`,
    `cases     sha256 ${hash}`,
    line(protocol),
    ...suites.filter(({ name }) => !name.startsWith("carries")).map(line),
    `carries   ${carries.map(({ right, cases }) => `${right}/${cases}`).join(" ")} for runs of 0 to 10`,
    ...("probes" in report ? describeProbes(report) : describeModule(report)),
    ...mistakes.map(({ a, b, expected, answer }) => `wrong     ${a} + ${b} = ${expected}, answered ${answer}`),
  ];
}

function line({ name, right, cases }: SuiteResult): string {
  return `${name.padEnd(9)} ${right}/${cases}`;
}

function describeProbes({ probes, parameters, margin, ties, speed }: Report): string[] {
  return [
    `causal    ${yes(probes.causal)}; cached equals recomputed: ${yes(probes.cachedEqualsRecomputed)}`,
    `needs     attention (${share(probes.withoutAttention)} without it) and its own tokens (${share(probes.afterWrongTokens)} of digits after wrong ones)`,
    `counts    ${parameters.claimed} claimed, ${parameters.unique} stored, ${parameters.strict} magnitudes with constants`,
    `margin    ${Number(margin.toPrecision(4))} between the two best logits at least; ${ties} ties`,
    `speed     ${speed.batched.toLocaleString("en")} sums/s a thousand at a time, ${speed.single.toLocaleString("en")} one at a time`,
  ];
}

const counted = (count: number | undefined, what: string): string[] =>
  count === undefined ? [] : [`${count} ${what}`];

/** Where the numbers of a module were found. */
const found: Readonly<Record<ModuleReport["parameters"]["counted"], string>> = {
  declared: "as it declares",
  exported: "in what it exports",
  written: "in its text, encode and decode included",
};

function describeModule(report: ModuleReport): string[] {
  const { parameters, afterWrongTokens, withoutOthers, withoutAttention, margin, ties, speed } = report;
  const { claimed, unique, strict } = parameters;
  const attention =
    withoutAttention === undefined
      ? "attention is not handed over"
      : `attention (${share(withoutAttention)} without it)`;
  return [
    "causal    yes",
    `needs     its own tokens (${share(afterWrongTokens)} of digits after wrong ones), the tokens before (${share(withoutOthers)} after others); ${attention}`,
    `counts    ${[...counted(claimed, "claimed"), `${unique} stored`, `${strict} magnitudes`].join(", ")} (${found[parameters.counted]})`,
    `margin    ${Number(margin.toPrecision(4))} between the two best logits at least; ${ties} ties`,
    `speed     ${speed.toLocaleString("en")} sums/s`,
  ];
}

const yes = (value: boolean): string => (value ? "yes" : "no");
const share = (value: number): string => `${Math.round(100 * value)} %`;
