import { numbers } from "./numbers.ts";

/** Residual updates of rings of cells by one dense rule, and the mean squared distance from a target. */
export const UPDATES = { batch: 256, cells: 8, channels: 32, seen: 96, hidden: 32, steps: 20 } as const;

const { batch, cells, channels, seen, hidden } = UPDATES;

export const updateShapes = { w1: [seen, hidden], b1: [hidden], w2: [hidden, channels], b2: [channels] } as const;

export const STATE: readonly [number, number, number] = [batch, cells, channels];

/** State and target `[batch, cells, channels]`, and weights. */
export const updatesData = () => ({
  state: numbers(batch * cells * channels, 1, 11),
  target: numbers(batch * cells * channels, 1, 12),
  w1: numbers(seen * hidden, 0.17, 13),
  b1: new Float32Array(hidden),
  w2: numbers(hidden * channels, 0.03, 14),
  b2: new Float32Array(channels),
});
