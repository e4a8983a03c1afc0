import { execFile } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** Milliseconds that a test of several processes may take on a busy machine. */
export const PATIENCE = 120_000;

/** What a child process left behind. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a child process is treated. */
export interface Treatment {
  /** What it reads on standard input. */
  readonly input?: string;
  /** Told about the process as soon as it runs. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs the command, from its sources, as a process of its own. */
export function ganglion(words: readonly string[], { input = "", onStart }: Treatment = {}): Promise<Finished> {
  const env = {
    ...process.env,
    NO_COLOR: undefined,
    FORCE_COLOR: undefined,
    NODE_COMPILE_CACHE: join(tmpdir(), "ganglion-compile-cache"),
  };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ["--conditions=@ganglion/source", "--disable-warning=ExperimentalWarning", main, ...words],
      { env, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, stdout, stderr });
      },
    );
    onStart?.(child);
    child.stdin?.end(input);
  });
}
