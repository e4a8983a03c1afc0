/** A worker that runs. */
export interface Running {
  end(): void;
  /**
   * Whether it is known to run no more, although the caller has had no time for events. Not known of a worker that was never
   * asked while it ran, nor in a browser.
   */
  ended(): boolean;
}

/** The part of `node:worker_threads` that is used. */
interface NodeThreads {
  readonly Worker: new (text: string, options: object) => NodeWorker;
}

interface NodeWorker {
  unref(): void;
  terminate(): Promise<number>;
  on(event: "error", listener: (error: Error) => void): void;
  readonly performance: { eventLoopUtilization(): { readonly idle: number } };
}

/** Starts a worker, in Node or in a browser, that runs a text with `start` in scope; it keeps no process alive. */
export function startWorker(text: string, start: object, failed: (error: Error) => void): Running {
  const threads = nodeThreads();
  if (threads !== undefined) {
    const code = `const start = process.getBuiltinModule("node:worker_threads").workerData; ${text};`;
    const worker = new threads.Worker(code, { eval: true, workerData: start, execArgv: [], name: "ganglion" });
    worker.unref();
    worker.on("error", failed);
    return {
      end: () => void worker.terminate(),
      // a thread that has stopped reports -1
      ended: () => worker.performance.eventLoopUtilization().idle < 0,
    };
  }
  const url = URL.createObjectURL(new Blob([`onmessage = ({ data: start }) => ${text};`], { type: "text/javascript" }));
  const worker = new Worker(url, { name: "ganglion" });
  worker.addEventListener("error", ({ message }) => failed(new Error(message)));
  worker.postMessage(start, []);
  return {
    end() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
    ended: () => false,
  };
}

/** Worker threads of Node; undefined elsewhere. */
function nodeThreads(): NodeThreads | undefined {
  const { process } = globalThis as {
    readonly process?: { readonly getBuiltinModule?: (name: string) => NodeThreads | undefined };
  };
  return process?.getBuiltinModule?.("node:worker_threads");
}
