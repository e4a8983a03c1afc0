import { expect, test, vi } from "vitest";
import { askWorker } from "./support/ask-worker.ts";
import { automatonFingerprints, expectedAutomaton } from "./support/automaton-fingerprints.ts";
import { expectedShared, sharedFingerprints } from "./support/shared-fingerprints.ts";

test("automata, meshes, spreads and pairs have the same bits on 1, 2, 4 and 8 threads of a dedicated worker as in Node", async () => {
  const counts = [1, 2, 4, 8];
  expect(await askWorker(counts)).toEqual(
    counts.map((used) => ({
      automata: { used, hashes: expectedAutomaton },
      shared: { used, together: used > 1, hashes: expectedShared },
      isolated: true,
    })),
  );
});

test("a page's own thread, which may not wait, works alone and says so once", async () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  expect(await automatonFingerprints(4)).toEqual({ used: 1, hashes: expectedAutomaton });
  expect(sharedFingerprints(2)).toEqual({ used: 1, together: false, hashes: expectedShared });
  expect(warn.mock.calls).toEqual([
    [
      "threads: one thread is used: expected a thread that may wait, received the page's own. Call from a dedicated worker?",
    ],
  ]);
  warn.mockRestore();
});
