import fc, { type Arbitrary } from "fast-check";

/**
 * Damaged copies of a file: one to three times a byte flipped, the end cut off, bytes inserted, a range duplicated or
 * a range copied over another place.
 *
 * No copy equals the original; `bytes` itself is left untouched. Shrinks to fewer and smaller changes nearer the start.
 *
 * @param bytes the sound file, of any length
 */
export function mutatedBytes(bytes: Uint8Array): Arbitrary<Uint8Array> {
  return fc
    .array(mutation, { minLength: 1, maxLength: 3 })
    .map((mutations) => mutations.reduce((damaged, mutate) => apply(mutate, damaged), bytes))
    .filter((damaged) => !equal(damaged, bytes));
}

/** A kind of damage, two places as shares of the file's length, and what is written there. */
type Mutation = readonly [kind: Kind, from: number, to: number, payload: readonly number[]];
type Kind = "flip" | "truncate" | "insert" | "duplicate" | "splice";

const place = fc.oneof(
  fc.nat(0xffff_ffff),
  fc.nat(63).map((byte) => -1 - byte),
);
const mutation: Arbitrary<Mutation> = fc.tuple(
  fc.constantFrom<Kind[]>("flip", "truncate", "insert", "duplicate", "splice"),
  place,
  place,
  fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)), { minLength: 1, maxLength: 8 }),
);

function apply([kind, from, to, payload]: Mutation, bytes: Uint8Array): Uint8Array {
  const a = position(from, bytes.length);
  const b = position(to, bytes.length);
  const [start, stop] = a <= b ? [a, b] : [b, a];
  switch (kind) {
    case "flip": {
      const damaged = bytes.slice();
      if (a < bytes.length) damaged[a]! ^= payload[0]! || 1;
      return damaged;
    }
    case "truncate":
      return bytes.slice(0, a);
    case "insert":
      return join(bytes.subarray(0, a), Uint8Array.from(payload), bytes.subarray(a));
    case "duplicate":
      return join(bytes.subarray(0, stop), bytes.subarray(start, stop), bytes.subarray(stop));
    case "splice": {
      const damaged = bytes.slice();
      damaged.set(bytes.subarray(start, Math.min(stop, start + bytes.length - a)), a);
      return damaged;
    }
  }
}

/** A place in [0, length]: near the start when counted from the front of the header, spread, or near the end. */
function position(place: number, length: number): number {
  if (place < 0) return Math.min(-1 - place, length);
  return Math.floor((place / 0x1_0000_0000) * (length + 1));
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
