import { automatonFingerprints } from "./automaton-fingerprints.ts";

// a dedicated worker of a browser: answers a number of threads with what `automatonFingerprints` finds
globalThis.addEventListener("message", ({ data }: MessageEvent<number>) => {
  automatonFingerprints(data).then(
    (found) => globalThis.postMessage(found, { transfer: [] }),
    (error: unknown) => globalThis.postMessage(String(error), { transfer: [] }),
  );
});
