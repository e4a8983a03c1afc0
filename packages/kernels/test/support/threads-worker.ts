import { automatonFingerprints } from "./automaton-fingerprints.ts";
import { sharedFingerprints } from "./shared-fingerprints.ts";

// a dedicated worker of a browser: answers a number of threads with what is found on so many
globalThis.addEventListener("message", ({ data }: MessageEvent<number>) => {
  findings(data).then(
    (found) => globalThis.postMessage(found, { transfer: [] }),
    (error: unknown) => globalThis.postMessage(String(error), { transfer: [] }),
  );
});

/** Automata, then what works on shared memory, and whether threads could share any. */
async function findings(count: number) {
  const automata = await automatonFingerprints(count);
  return { automata, shared: sharedFingerprints(count), isolated: globalThis.crossOriginIsolated };
}
