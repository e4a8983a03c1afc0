import { philox4x32 } from "@ganglion/kernels";
import { ConfigError } from "./errors.ts";
import { currentRecorder } from "./tape.ts";

/** Where random numbers come from: 64 bits, explicit, never changed. */
export interface Key {
  /** Lower 32 bits. */
  readonly low: number;
  /** Upper 32 bits. */
  readonly high: number;
}

// Words of the counter that keep derived keys apart from each other and from the stream of random numbers.
const SPLIT = 0x73706c74;
const FOLD = 0x666f6c64;

/**
 * The key of a seed.
 *
 * @throws ConfigError when the seed is not a whole number that fits 64 bits
 */
export function key(seed: number | bigint): Key {
  if (typeof seed === "number" && !Number.isSafeInteger(seed)) {
    throw new ConfigError("key", `expected a whole number within 2^53, received ${seed}. Pass a bigint?`);
  }
  const bits = BigInt(seed);
  if (BigInt.asUintN(64, bits) !== bits && BigInt.asIntN(64, bits) !== bits) {
    throw new ConfigError("key", `expected a seed of at most 64 bits, received ${seed}`);
  }
  return { low: Number(BigInt.asUintN(32, bits)), high: Number(BigInt.asUintN(32, bits >> 32n)) };
}

/**
 * Independent keys made from one; use it instead of the original, never beside it.
 *
 * @throws ConfigError when `n` is not a whole number from 1
 */
export function split(parent: Key, n = 2): Key[] {
  if (!Number.isInteger(n) || n < 1) throw new ConfigError("split", `expected a whole number from 1, received ${n}`);
  return Array.from({ length: n }, (_, index) => derive(parent, index, 0, SPLIT));
}

/**
 * The key for one step, cell or name: depends on the key and the number alone.
 *
 * @param data whole number from 0 to 2^53
 */
export function foldIn(parent: Key, data: number): Key {
  if (!Number.isSafeInteger(data) || data < 0) {
    throw new ConfigError("foldIn", `expected a whole number from 0 to 2^53, received ${data}`);
  }
  return derive(parent, data >>> 0, Math.floor(data / 2 ** 32), FOLD);
}

const block = new Uint32Array(4);

function derive(parent: Key, low: number, high: number, purpose: number): Key {
  const child = { low: 0, high: 0 };
  const run = (): void => {
    philox4x32([low, high, purpose, 0], [parent.low, parent.high], block);
    child.low = block[0]!;
    child.high = block[1]!;
  };
  if (currentRecorder()?.recordKey(parent, child, run) !== true) run();
  return child;
}
