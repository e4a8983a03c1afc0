import { settings } from "../measure/settings.ts";
import type { Peer } from "./peer.ts";
import type { Work } from "./python.ts";
import { plain } from "./plain.ts";

/** Works of each library of Python. */
const pythons: Readonly<Record<string, readonly Work[]>> = {
  numpy: ["matmul", "mlp", "updates", "forward", "ring", "mesh", "automaton", "training"],
  numba: ["automaton", "spread", "pairs"],
  scipy: ["spread", "spreadFew"],
  torch: ["matmul", "mlp", "updates", "forward", "automaton", "training"],
  jax: ["matmul", "mlp", "updates", "forward", "automaton", "training"],
};

const optional: Record<string, () => Promise<Peer>> = {
  "@jax-js/jax": async () => (await import("./jax.ts")).jax,
  "@tensorflow/tfjs": async () => (await import("./tensorflow.ts")).tensorflow,
  "onnxruntime-web": async () => (await import("./onnx.ts")).onnx,
};

for (const [name, works] of Object.entries(pythons)) {
  optional[name] = async () => (await import("./python.ts")).startPython(name, works);
}

/** Whether a contender is a library of Python. */
export const isPython = (name: string): boolean => Object.hasOwn(pythons, name);

/**
 * The libraries that are installed here, plain loops first; those that are not are named. None in a short run.
 *
 * @param among names of those that can do the work; all unless given
 */
export async function loadPeers(among: readonly string[] = Object.keys(optional)): Promise<Peer[]> {
  if (settings.short) return [];
  const peers: Peer[] = [plain];
  // some bring workers to Node, and jax-js then takes its memory, made before, for a shared one; all run on one thread here
  Object.defineProperty(globalThis, "Worker", { get: () => undefined, set: () => {} });
  for (const [name, load] of Object.entries(optional)) {
    if (!among.includes(name)) continue;
    try {
      peers.push(await load());
    } catch (error) {
      console.error(`skipped ${name}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
    }
  }
  return peers;
}
