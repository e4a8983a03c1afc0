import { explain } from "../errors.ts";
import { expressionOf } from "../expression.ts";
import { loadModel } from "../model.ts";
import { defaultModel } from "./solve.ts";

/** `ganglion` alone: asks until there is nothing more to answer; lines of a pipe are answered one by one. */
export async function prompt(): Promise<void> {
  await (process.stdin.isTTY && process.stdout.isTTY ? converse() : answerLines());
}

async function converse(): Promise<void> {
  const { intro, isCancel, log, outro, text } = await import("@clack/prompts");
  intro("ganglion: sums by a mesh of neurons");
  for (;;) {
    const typed = await text({
      message: "A sum or a difference? End it with ? to watch every step; leave it empty to stop.",
      placeholder: "9999999 + 1",
    });
    if (isCancel(typed) || (typed ?? "").trim() === "") break;
    try {
      log.success(await answer(typed));
    } catch (error) {
      log.error(explain(error).message);
    }
  }
  outro("More: ganglion --help");
}

async function answerLines(): Promise<void> {
  const { createInterface } = await import("node:readline");
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() !== "") process.stdout.write(`${await answer(line)}\n`);
  }
}

/** The answer to one line, with every step when it ends with a question mark. */
async function answer(line: string): Promise<string> {
  const watched = line.trimEnd().endsWith("?");
  const { operation, operands } = expressionOf(watched ? line.trimEnd().slice(0, -1) : line);
  const { solve } = await import("@ganglion/models");
  const model = await loadModel("ganglion", defaultModel(operation), undefined);
  const solution = solve(model, operation, ...operands, { trace: watched });
  if (!watched) return solution.answer;
  const { renderShow } = await import("../render/show.ts");
  const { styleFor, widthOf } = await import("../terminal/style.ts");
  const look = { style: styleFor(process.stdout), width: widthOf(process.stdout) - 3 };
  return renderShow(solution, model.card.model, look).join("\n");
}
