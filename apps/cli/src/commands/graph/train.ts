import { defineGraph } from "@ganglion/models";
import { writeBytes } from "../../write.ts";
import { print } from "./options.ts";
import type { GraphOptions } from "./options.ts";

const REDRAWS_EVERY = 200;
const LINES_EVERY = 10_000;

/** `ganglion graph <task> train`. */
export async function trainGraph(task: string, _: readonly string[], options: GraphOptions): Promise<void> {
  const { train } = await defineGraph(task);
  const file = options.out ?? `${task}.ganglion`;
  const { isTTY } = process.stderr;
  const start = performance.now();
  let told = Number.NEGATIVE_INFINITY;
  const changes = options.set?.split(",") ?? [];
  const learning = train(options.seed === undefined ? changes : [...changes, `seed=${options.seed}`]);
  for (;;) {
    const { done, value } = learning.next();
    const now = performance.now();
    if (done === true) {
      if (isTTY) process.stderr.write("\r\u001B[K");
      await writeBytes("graph", file, value);
      const seconds = (now - start) / 1000;
      const line = `${file}: ${task}, ${value.length.toLocaleString("en")} bytes, trained in ${seconds.toFixed(1)} s`;
      print(options, { task, file, bytes: value.length, seconds }, () => [line]);
      return;
    }
    if (now - told < (isTTY ? REDRAWS_EVERY : LINES_EVERY)) continue;
    told = now;
    const line = `${(100 * value.done).toFixed(0).padStart(3)} %  ${value.text}`;
    process.stderr.write(isTTY ? `\r\u001B[K${line}` : `${line}\n`);
  }
}
