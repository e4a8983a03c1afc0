// How long does a training step of a perceptron take (64-128-10, batch 256, softmax cross-entropy, Adam)?
import { mlp } from "@ganglion/models/bench";
import { loadPeers } from "./contenders/peers.ts";
import { race } from "./measure/race.ts";
import { answer, atMost, rowsOf } from "./measure/report.ts";

const peers = await loadPeers();
const contenders = [mlp("compiled"), mlp("eager")];
for (const peer of peers) if (peer.mlp) contenders.push(await peer.mlp());
const timings = await race(contenders);
for (const peer of peers) peer.close?.();
answer(
  "How long does a training step of a perceptron take (64-128-10, batch 256, softmax cross-entropy, Adam)?",
  rowsOf("forward, backward, Adam", timings, { target: ({ median }) => atMost(0.5, "ms", median) }),
);
