import { seal } from "./forge.ts";

/** A small seeded generator (mulberry32): integers in [0, below). */
export function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

type Draw = (below: number) => number;

const EDGES = [0, 1, 2, 15, 16, 17, 127, 128, 254, 255];

/** Damage of one kind; each returns new bytes. */
const damages: readonly ((file: Uint8Array, draw: Draw) => Uint8Array)[] = [
  function flipBit(file, draw) {
    const copy = file.slice();
    if (copy.length > 0) copy[draw(copy.length)]! ^= 1 << draw(8);
    return copy;
  },
  function writeEdge(file, draw) {
    const copy = file.slice();
    const at = draw(copy.length);
    const length = 1 + draw(4);
    copy.fill(EDGES[draw(EDGES.length)]!, at, at + length);
    return copy;
  },
  function truncate(file, draw) {
    return file.slice(0, draw(file.length));
  },
  function remove(file, draw) {
    const at = draw(file.length);
    return join(file.subarray(0, at), file.subarray(at + 1 + draw(8)));
  },
  function insert(file, draw) {
    const at = draw(file.length + 1);
    return join(
      file.subarray(0, at),
      Uint8Array.from({ length: 1 + draw(8) }, () => draw(256)),
      file.subarray(at),
    );
  },
  function duplicate(file, draw) {
    const at = draw(file.length);
    const end = at + 1 + draw(64);
    return join(file.subarray(0, end), file.subarray(at, end), file.subarray(end));
  },
  function splice(file, draw) {
    const copy = file.slice();
    const from = draw(file.length);
    copy.copyWithin(draw(file.length), from, from + 1 + draw(64));
    return copy;
  },
];

/** One to three damages, half of them near the start, where the header is. */
export function mutate(file: Uint8Array, draw: Draw): Uint8Array {
  const near: Draw = draw(2) === 0 ? draw : (below) => draw(Math.min(below, 160));
  let mutant = file;
  for (let round = 1 + draw(3); round > 0; round--) mutant = damages[draw(damages.length)]!(mutant, near);
  return mutant;
}

/** The same file with lengths and checksum made right again, so that damage reaches the parser. */
export function reseal(file: Uint8Array): Uint8Array {
  if (file.length < 28) return file;
  const copy = file.slice();
  const view = new DataView(copy.buffer);
  view.setUint32(12, copy.length, true);
  view.setUint32(16, 0, true);
  return seal(copy);
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
