import { Worker } from "node:worker_threads";
import { ModuleError } from "./errors.ts";
import type { Offence } from "./errors.ts";
import { program } from "./program.ts";

/** A thread that has a user's module and answers questions within a time limit. */
export interface Judge {
  ask(question: "describe" | "encode" | "complete" | "forward" | "decode", given?: unknown): Promise<unknown>;
  end(): Promise<void>;
}

/** What the thread sends back. */
interface Message {
  readonly answer?: unknown;
  readonly offence?: Offence;
  readonly problem?: string;
}

/**
 * Starts a thread.
 *
 * @param file absolute path of the module
 * @param seconds time limit of each question
 */
export function judge(file: string, seconds: number): Judge {
  const worker = new Worker(program, {
    eval: true,
    workerData: { file },
    stdout: true,
    stderr: true,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  return {
    async ask(question, given) {
      const { promise, resolve, reject } = withResolvers();
      const timer = setTimeout(() => {
        void worker.terminate();
        reject(new ModuleError(file, "time limit", `expected ${question} to answer within ${seconds} s, and gave up`));
      }, 1000 * seconds);
      const onMessage = ({ answer, offence, problem }: Message): void => {
        if (offence === undefined) resolve(answer);
        else reject(new ModuleError(file, offence, problem ?? offence));
      };
      const onError = (error: unknown): void => {
        const text = error instanceof Error ? error.message.split("\n", 1)[0]! : String(error);
        reject(new ModuleError(file, "throws", `expected a module that loads and runs, received ${text}`));
      };
      const onExit = (code: number): void => {
        reject(
          new ModuleError(
            file,
            "exits",
            `expected ${question} to answer, and the module ended its thread with code ${code}`,
          ),
        );
      };
      worker.on("message", onMessage).on("error", onError).on("exit", onExit);
      try {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        worker.postMessage({ question, given });
        return await promise;
      } finally {
        clearTimeout(timer);
        worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      }
    },
    async end() {
      await worker.terminate();
    },
  };
}

function withResolvers(): {
  readonly promise: Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
} {
  let [resolve, reject]: [(value: unknown) => void, (reason: Error) => void] = [() => undefined, () => undefined];
  const promise = new Promise<unknown>((onAnswer, onFailure) => {
    [resolve, reject] = [onAnswer, onFailure];
  });
  return { promise, resolve, reject };
}
