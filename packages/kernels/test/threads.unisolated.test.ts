import { expect, test, vi } from "vitest";
import { askWorker } from "./support/ask-worker.ts";
import { automatonFingerprints, expectedAutomaton } from "./support/automaton-fingerprints.ts";
import { expected, fingerprints } from "./support/fingerprints.ts";
import { expectedShared, sharedFingerprints } from "./support/shared-fingerprints.ts";

const alone = {
  automata: { used: 1, hashes: expectedAutomaton },
  shared: { used: 1, together: false, hashes: expectedShared },
};

test("a page that is not cross-origin isolated has one thread and the same bits, and says so once", async () => {
  expect(globalThis.crossOriginIsolated).toBe(false);
  expect(typeof SharedArrayBuffer).toBe("undefined");
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  expect(await automatonFingerprints(4)).toEqual(alone.automata);
  expect(sharedFingerprints(2)).toEqual(alone.shared);
  expect(fingerprints()).toEqual(expected);
  expect(warn.mock.calls).toEqual([
    [
      "threads: one thread is used: expected SharedArrayBuffer, which is missing. Serve the page with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp?",
    ],
  ]);
  warn.mockRestore();
});

test("a worker of such a page has one thread and the same bits, too", async () => {
  expect(await askWorker([2, 1])).toEqual([2, 1].map(() => ({ ...alone, isolated: false })));
});
