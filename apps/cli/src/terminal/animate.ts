import { setTimeout as wait } from "node:timers/promises";
import type { Solution } from "@ganglion/models";
import { settlingSteps } from "../render/places.ts";
import { columns, heading, renderStep, verdict } from "../render/show.ts";
import type { Look } from "../render/show.ts";
import { withoutColour } from "./style.ts";

const FRAME_MS = 90;
const HIDE_CURSOR = "\u001B[?25l";
const SHOW_CURSOR = "\u001B[?25h";

/** Plays the steps of a solution in place, on a terminal. */
export async function animate(solution: Solution, about: string, look: Look): Promise<void> {
  const { frames } = solution;
  const settled = settlingSteps(frames);
  process.once("SIGINT", restore);
  process.stdout.write(HIDE_CURSOR);
  try {
    write([...heading(solution, about, look.style), "", ...columns(solution, look)]);
    for (const [index, frame] of frames.entries()) {
      const lines = renderStep(frame, settled, look);
      if (index > 0) process.stdout.write(up(lines, look.width));
      write(lines);
      await wait(FRAME_MS);
    }
    write(["", ...verdict(solution, settled, look)]);
  } finally {
    process.stdout.write(SHOW_CURSOR);
    process.off("SIGINT", restore);
  }
}

/** Moves the cursor back over lines, some of which may fill several rows of the terminal, and clears what is below. */
export function up(lines: readonly string[], width: number): string {
  const lengths = lines.map((line) => withoutColour(line).length);
  const rows = lengths.reduce((sum, length) => sum + Math.max(1, Math.ceil(length / width)), 0);
  return `\u001B[${rows}A\u001B[J`;
}

function write(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** The cursor comes back even when the show is cut short. */
function restore(): void {
  process.stdout.write(SHOW_CURSOR);
  process.exit(130);
}
