/** An exact number `digits * 2^exponent`: what every double is, and every sum and product of doubles. */
export interface Dyadic {
  readonly digits: bigint;
  readonly exponent: number;
}

export const zero: Dyadic = { digits: 0n, exponent: 0 };

const buffer = new DataView(new ArrayBuffer(8));

/** The exact value of a finite double. @throws RangeError for NaN and infinities */
export function exact(x: number): Dyadic {
  if (!Number.isFinite(x)) throw new RangeError(`exact: expected a finite number, received ${x}`);
  buffer.setFloat64(0, x);
  const bits = buffer.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const size = biased === 0 ? fraction : fraction | 0x10000000000000n;
  const exponent = Math.max(biased, 1) - 1075;
  return reduce(bits >> 63n === 1n ? -size : size, exponent);
}

/** A whole number. */
export function whole(value: bigint): Dyadic {
  return reduce(value, 0);
}

export function plus(a: Dyadic, b: Dyadic): Dyadic {
  const exponent = Math.min(a.exponent, b.exponent);
  return reduce(at(a, exponent) + at(b, exponent), exponent);
}

export function minus(a: Dyadic, b: Dyadic): Dyadic {
  return plus(a, negative(b));
}

export function times(a: Dyadic, b: Dyadic): Dyadic {
  return reduce(a.digits * b.digits, a.exponent + b.exponent);
}

function negative({ digits, exponent }: Dyadic): Dyadic {
  return { digits: -digits, exponent };
}

export function absolute(a: Dyadic): Dyadic {
  return a.digits < 0n ? negative(a) : a;
}

/** Below 0 when a < b, above when a > b. */
export function compare(a: Dyadic, b: Dyadic): number {
  const { digits } = minus(a, b);
  return digits === 0n ? 0 : digits < 0n ? -1 : 1;
}

export function smaller(a: Dyadic, b: Dyadic): Dyadic {
  return compare(a, b) <= 0 ? a : b;
}

export function larger(a: Dyadic, b: Dyadic): Dyadic {
  return compare(a, b) >= 0 ? a : b;
}

/** The nearest double, for people to read. */
export function approximate({ digits, exponent }: Dyadic): number {
  const size = digits < 0n ? -digits : digits;
  const spare = Math.max(0, size.toString(2).length - 64);
  return Number(digits >> BigInt(spare)) * 2 ** Math.max(-1074, exponent + spare);
}

/** As `digits*2^exponent`, for certificates. */
export function write({ digits, exponent }: Dyadic): string {
  return `${digits}*2^${exponent}`;
}

/** The same number with an odd number of digits, so that numbers stay short. */
function reduce(digits: bigint, exponent: number): Dyadic {
  if (digits === 0n) return zero;
  let [rest, shift] = [digits, 0];
  while ((rest & 0xffffffffn) === 0n) {
    rest >>= 32n;
    shift += 32;
  }
  while ((rest & 1n) === 0n) {
    rest >>= 1n;
    shift++;
  }
  return { digits: rest, exponent: exponent + shift };
}

function at({ digits, exponent }: Dyadic, target: number): bigint {
  return digits << BigInt(exponent - target);
}
