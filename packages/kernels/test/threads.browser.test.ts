import { expect, test, vi } from "vitest";
import { automatonFingerprints, expectedAutomaton } from "./support/automaton-fingerprints.ts";

test("automata run and train with the same bits on 1, 2, 4 and 8 threads of a dedicated worker as in Node", async () => {
  const worker = new Worker(new URL("support/threads-worker.ts", import.meta.url), { type: "module" });
  try {
    for (const used of [1, 2, 4, 8]) {
      const found = new Promise((resolve, reject) => {
        worker.addEventListener("message", ({ data }) => resolve(data), { once: true });
        worker.addEventListener("error", ({ message }) => reject(new Error(message)), { once: true });
      });
      worker.postMessage(used, []);
      expect(await found).toEqual({ used, hashes: expectedAutomaton });
    }
  } finally {
    worker.terminate();
  }
});

test("a page's own thread, which may not wait, works alone and says so once", async () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  expect(await automatonFingerprints(4)).toEqual({ used: 1, hashes: expectedAutomaton });
  expect((await automatonFingerprints(2)).used).toBe(1);
  expect(warn.mock.calls).toEqual([
    [
      "threads: one thread is used: expected a thread that may wait, received the page's own. Call from a dedicated worker?",
    ],
  ]);
  warn.mockRestore();
});
