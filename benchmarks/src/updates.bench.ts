// How long do twenty dense residual updates of 256 rings of 8 cells take, written with plain tensors (96 -> 32 -> 32)?
import { forward, updates } from "./contenders/ganglion.ts";
import { loadPeers } from "./contenders/peers.ts";
import { race } from "./measure/race.ts";
import { answer, atMost, rowsOf } from "./measure/report.ts";

const peers = await loadPeers();
const training = [updates("compiled", "a loop"), updates("compiled", "scan"), updates("eager", "a loop")];
const watching = [forward("compiled"), forward("eager")];
for (const peer of peers) {
  if (peer.updates) training.push(peer.updates());
  if (peer.forward) watching.push(await peer.forward());
}
const trained = await race(training);
const watched = await race(watching);
for (const peer of peers) peer.close?.();
answer(
  "How long do twenty dense residual updates of 256 rings of 8 cells take, written with plain tensors (96 -> 32 -> 32)?",
  [
    ...rowsOf("forward and backward", trained, { target: ({ median }) => atMost(35, "ms", median) }),
    ...rowsOf("forward", watched),
  ],
);
