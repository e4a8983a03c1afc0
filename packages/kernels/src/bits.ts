// One buffer seen as float64 and as two 32-bit words; another seen as float32 and as int32.
const buffer64 = new ArrayBuffer(8);
const double: Float64Array = new Float64Array(buffer64);
const words: Uint32Array = new Uint32Array(buffer64);
double[0] = 1;
const HIGH = words[1] === 0 ? 0 : 1;
const LOW = 1 - HIGH;

const buffer32 = new ArrayBuffer(4);
const single: Float32Array = new Float32Array(buffer32);
const integer: Int32Array = new Int32Array(buffer32);

/** Upper 32 bits of a float64: sign, exponent, 20 bits of fraction (as a signed integer). */
export function highWord(x: number): number {
  double[0] = x;
  return words[HIGH]! | 0;
}

/** `x` with its lower 32 bits cleared. */
export function withoutLowWord(x: number): number {
  double[0] = x;
  words[LOW] = 0;
  return double[0];
}

/** 2^k as float64, `k` an integer in [-1074, 1023]: from a table, since joining two words stalls the processor. */
export function powerOfTwo(k: number): number {
  return powers[k + 1074]!;
}

const powers = new Float64Array(2098);
for (let i = 0, power = Number.MIN_VALUE; i < powers.length; i++, power *= 2) powers[i] = power;

/** Bits of a float32 as int32. */
export function bits32(x: number): number {
  single[0] = x;
  return integer[0]!;
}

/** The float32 whose bits are the int32 `bits`. */
export function fromBits32(bits: number): number {
  integer[0] = bits;
  return single[0]!;
}
