import { contender } from "./race.ts";
import type { Contender } from "./race.ts";

/** Runs of the loop in one call: short, since WebAssembly code becomes fast between calls only. */
const TURNS = 4096;
/** Sums that grow independently: 8 vectors of 4, as in a tile of a matrix product. */
const SUMS = 8;

/** Floating-point operations of one run of `peak`. */
export const PEAK_OPERATIONS: number = TURNS * SUMS * 4 * 2;

/**
 * What one core can do at most in 128-bit vectors without fused operations: sums += x * y for 8 sums in registers, with two
 * vectors loaded from the first-level cache for every 8 products.
 */
export function peak(): Contender {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(program()));
  const loop = exports["loop"] as (turns: number) => number;
  return contender("peak of the core", () => {
    loop(TURNS);
    return 0;
  });
}

const [GET, SET, TEE, I32, V128, F32] = [0x20, 0x21, 0x22, 0x7f, 0x7b, 0x7d] as const;
const simd = (code: number): number[] => (code < 128 ? [0xfd, code] : [0xfd, (code & 127) | 128, code >> 7]);
const [LOAD, SPLAT, LANE, ADD, MUL] = [simd(0x00), simd(0x13), simd(0x1f), simd(0xe4), simd(0xe6)];

/** The module byte by byte: locals are the turns left, 8 sums, 4 factors `x` and 2 factors `y`. */
function program(): Uint8Array<ArrayBuffer> {
  const x = (index: number) => 1 + SUMS + (index % 4);
  const y = (index: number) => 1 + SUMS + 4 + Math.floor(index / 4);
  const sums = Array.from({ length: SUMS }, (_, index) => index);
  const start = [0, 1, 2, 3].flatMap((index) => [0x43, 0, 0, index, 0x3e, ...SPLAT, SET, x(index)]);
  const loads = [0, 4].flatMap((index) => [
    GET,
    0,
    0x41,
    31,
    0x71,
    0x41,
    5,
    0x74,
    ...LOAD,
    4,
    index * 4,
    SET,
    y(index),
  ]);
  const step = sums.flatMap((index) => [GET, 1 + index, GET, x(index), GET, y(index), ...MUL, ...ADD, SET, 1 + index]);
  const again = [GET, 0, 0x41, 1, 0x6b, TEE, 0, 0x0d, 0];
  const total = sums.flatMap((index) => [GET, 1 + index, ...(index > 0 ? ADD : [])]);
  const body = [...start, 0x03, 0x40, ...loads, ...step, ...again, 0x0b, ...total, ...LANE, 0, 0x0b];
  const code = [1, SUMS + 6, V128, ...body];
  return Uint8Array.from([
    ...MAGIC,
    ...section(1, [1, 0x60, 1, I32, 1, F32]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [1, 4, ...new TextEncoder().encode("loop"), 0, 0]),
    ...section(10, [1, ...size(code.length), ...code]),
  ]);
}

const section = (kind: number, content: readonly number[]): number[] => [kind, ...size(content.length), ...content];

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** A length in base 128, lowest digits first. */
const size = (length: number): number[] => (length < 128 ? [length] : [(length & 127) | 128, length >> 7]);
