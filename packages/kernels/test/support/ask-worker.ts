/** What a dedicated worker of a browser finds on so many threads, one number after the other. */
export async function askWorker(counts: readonly number[]): Promise<unknown[]> {
  const worker = new Worker(new URL("threads-worker.ts", import.meta.url), { type: "module" });
  const answers: unknown[] = [];
  try {
    for (const count of counts) {
      const found = new Promise((resolve, reject) => {
        worker.addEventListener("message", ({ data }) => resolve(data), { once: true });
        worker.addEventListener("error", ({ message }) => reject(new Error(message)), { once: true });
      });
      worker.postMessage(count, []);
      answers.push(await found);
    }
  } finally {
    worker.terminate();
  }
  return answers;
}
