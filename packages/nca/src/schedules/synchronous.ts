import type { Schedule } from "./schedule.ts";

/** Every cell fires at every step. */
export function synchronous(): Schedule {
  return { name: "synchronous", fired: ({ batch, cells }) => new Uint8Array(batch * cells).fill(1) };
}
