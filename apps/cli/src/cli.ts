import { renderUsage, runCommand } from "citty";
import type { CommandDef } from "citty";
import { commandNames, commands, root, version } from "./commands.ts";
import { explain, UsageError } from "./errors.ts";
import { arrange, wantsHelp } from "./options.ts";
import { withoutColour } from "./terminal/style.ts";

/**
 * Runs one command line.
 *
 * @param words what stands behind `ganglion`
 * @returns exit code: 0, 1 for a failed run, 2 for wrong usage
 */
export async function runCli(words: readonly string[]): Promise<number> {
  try {
    await dispatch(words);
    return typeof process.exitCode === "number" ? process.exitCode : 0;
  } catch (error) {
    const { message, code } = explain(error);
    process.stderr.write(`${message}\n`);
    return code;
  }
}

async function dispatch(words: readonly string[]): Promise<void> {
  const [first, ...rest] = words;
  if (first === undefined) return (await import("./commands/prompt.ts")).prompt();
  if (first === "--version") return print(version);
  if (first === "--help" || first === "-h" || first === "help") {
    const [topic] = rest;
    return print(topic === undefined ? await usage(root) : await usage(await find(topic)));
  }
  const command = await find(first);
  if (wantsHelp(rest)) return print(await usage(command));
  await runCommand(command, { rawArgs: await arrange(first, rest, command.args ?? {}) });
}

async function find(name: string): Promise<CommandDef> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load !== undefined) return load();
  const kind = name.startsWith("-") ? "option" : "command";
  const { didYouMean } = await import("@ganglion/models");
  const hint = didYouMean(name, kind === "option" ? ["--help", "--version"] : commandNames);
  throw new UsageError(`ganglion: unknown ${kind} ${name}.${hint || " Try ganglion --help."}`);
}

async function usage(command: CommandDef): Promise<string> {
  const text = await renderUsage(command, command === root ? undefined : root);
  return process.stdout.isTTY ? text : withoutColour(text);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
