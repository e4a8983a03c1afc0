// Asks every question in a process of its own, prints the answers and writes them to results/latest.json. `--short` takes
// half a minute and needs no peers; names of files (`mlp`, `matmul`) ask these only; `--page` writes docs/benchmarks.md, too.
import { fork } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { basename } from "node:path";
import { pythonVersions } from "./contenders/python.ts";
import { table } from "./measure/report.ts";
import type { Answer } from "./measure/report.ts";

/** What a question's process left. */
interface Outcome {
  readonly date: string;
  /** Load of the machine before. */
  readonly load: number;
  readonly code: number | null;
  readonly answer?: Answer;
  /** What it printed itself. */
  readonly printed: string;
}

/** Questions of a short run. */
const SHORT: ReadonlySet<string> = new Set(["bundle-size", "gradient", "matmul", "mlp", "updates"]);

const folder = new URL("./", import.meta.url);
const results = new URL("../results/", import.meta.url);
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const short = process.argv.includes("--short");
/** Modules of Python that are asked beside Ganglion. */
const modules = short ? [] : ["numpy", "scipy", "numba", "torch", "jax"];
const pythons = pythonVersions(modules);
const questions = readdirSync(folder)
  .filter((file) => file.endsWith(".bench.ts"))
  .map((file) => basename(file, ".bench.ts"))
  .filter((name) => (wanted.length > 0 ? wanted.includes(name) : !short || SHORT.has(name)));

const python = Object.entries(pythons).map(([module, version]) => `${module} ${version}`);
const described = [
  describe(machine()),
  ...(short ? [] : [`Python: ${python.join(", ") || "none with any of these: " + modules.join(", ")}.`]),
].join("\n");
console.log(described);
const asked: Record<string, Outcome> = {};
for (const name of questions) {
  const outcome = await ask(name);
  asked[name] = outcome;
  if (outcome.answer !== undefined) console.log(table(outcome.answer));
}
const latest = new URL("latest.json", results);
/** Answers of earlier runs stay until their question is asked again. */
const answers = { ...earlier(), ...asked };
mkdirSync(results, { recursive: true });
writeFileSync(latest, `${JSON.stringify({ ...machine(), answers }, undefined, 2)}\n`);
if (process.argv.includes("--page")) writeFileSync(new URL("../../docs/benchmarks.md", import.meta.url), page());
const failed = Object.entries(asked).flatMap(([name, { code }]) => (code === 0 ? [] : [name]));
if (failed.length > 0) {
  console.error(`failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}

async function ask(name: string): Promise<Outcome> {
  const child = fork(new URL(`${name}.bench.ts`, folder), short ? ["--short"] : [], {
    execArgv: ["--conditions=@ganglion/source", "--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const { date, load } = machine();
  let answer: Answer | undefined;
  let printed = "";
  child.on("message", (message) => (answer = message as Answer));
  child.stdout!.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
    process.stdout.write(chunk);
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { date, load, code, printed, ...(answer && { answer }) };
}

function earlier(): Record<string, Outcome> {
  if (short || !existsSync(latest)) return {};
  return (JSON.parse(readFileSync(latest, "utf8")) as { answers: Record<string, Outcome> }).answers;
}

/** All answers in one page. */
function page(): string {
  const sections = Object.entries(answers)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { date, load, answer, printed }]) => {
      const command = `node --conditions=@ganglion/source benchmarks/src/${name}.bench.ts`;
      const when = `\`${command}\`, ${date}, load ${load.toFixed(1)}`;
      const own = printed === "" || printed.includes("| --- |") ? printed : `\`\`\`text\n${printed}\`\`\`\n`;
      return `## ${name}\n\n${when}\n\n${own}${answer === undefined ? "" : table(answer)}\n`;
    });
  return ["# Measured", "Written by `pnpm bench -- --page`.", described, ...sections].join("\n\n");
}

function machine() {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  return {
    date: new Date().toISOString(),
    processor: cpus()[0]!.model,
    cores: cpus().length,
    load: loadavg()[0]!,
    platform: `${process.platform} ${process.arch}`,
    versions: { node: process.version, v8: process.versions.v8, ...manifest.devDependencies, ...pythons },
  };
}

function describe({ date, processor, cores, load, platform, versions }: ReturnType<typeof machine>): string {
  return `${date}, ${processor}, ${cores} cores (load ${load.toFixed(1)}), ${platform}, Node ${versions.node}
Ratios: times what Ganglion takes. Times: processor time of one run, middle and quartiles of turns taken alternately.`;
}
