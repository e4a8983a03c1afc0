import { settings } from "../measure/settings.ts";
import type { Peer } from "./peer.ts";
import type { Work } from "./python.ts";
import { plain } from "./plain.ts";

const optional: Record<string, () => Promise<Peer>> = {
  "@jax-js/jax": async () => (await import("./jax.ts")).jax,
  "@tensorflow/tfjs": async () => (await import("./tensorflow.ts")).tensorflow,
  "onnxruntime-web": async () => (await import("./onnx.ts")).onnx,
  numpy: () => python("numpy", ["matmul", "mlp", "updates", "forward", "ring", "automaton", "training"]),
  numba: () => python("numba", ["automaton"]),
  torch: () => python("torch", ["matmul", "mlp", "updates", "forward", "automaton", "training"]),
  jax: () => python("jax", ["matmul", "mlp", "updates", "forward", "automaton", "training"]),
};

const python = async (name: string, works: readonly Work[]): Promise<Peer> =>
  (await import("./python.ts")).startPython(name, works);

/** The libraries that are installed here, plain loops first; those that are not are named. None in a short run. */
export async function loadPeers(): Promise<Peer[]> {
  if (settings.short) return [];
  const peers: Peer[] = [plain];
  // some bring workers to Node, and jax-js then takes its memory, made before, for a shared one; all run on one thread here
  Object.defineProperty(globalThis, "Worker", { get: () => undefined, set: () => {} });
  for (const [name, load] of Object.entries(optional)) {
    try {
      peers.push(await load());
    } catch (error) {
      console.error(`skipped ${name}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
    }
  }
  return peers;
}
