import { highWord, powerOfTwo } from "../bits.ts";

const FRACTION = 1200n; // bits of 2/pi: 1024 for the largest exponent, the rest for cancellation
const PRECISION = 192n; // bits of the remainder
const GUARD = 32n;

/**
 * Quadrant of x modulo 4, and x - quadrant * pi/2 as a sum of two numbers in `remainder`, for finite |x| >= 2^20.
 *
 * Exact integer arithmetic in the manner of Payne and Hanek: slow (microseconds), and right for every float64.
 */
export function reduceHuge(x: number, remainder: Float64Array): number {
  constants ??= makeConstants();
  // |x| = mantissa * 2^exponent, so |x| * 2/pi = mantissa * twoOverPi / 2^scale
  const high = highWord(Math.abs(x));
  const exponent = (high >> 20) - 1075;
  const mantissa = BigInt(Math.abs(x) * powerOfTwo(-exponent));
  const scale = FRACTION - BigInt(exponent);
  const product = BigInt.asUintN(Number(scale) + 2, mantissa * constants.twoOverPi);
  const quadrant = Number((product + (1n << (scale - 1n))) >> scale);
  const fraction = (product - (BigInt(quadrant) << scale)) >> (scale - PRECISION);
  const angle = (fraction * constants.halfPi) >> PRECISION;
  const head = Number(angle);
  const tail = Number(angle - BigInt(head));
  const sign = x < 0 ? -1 : 1;
  remainder[0] = sign * head * 2 ** -192;
  remainder[1] = sign * tail * 2 ** -192;
  return (sign * quadrant) & 3;
}

let constants: { readonly twoOverPi: bigint; readonly halfPi: bigint } | undefined;

function makeConstants(): { twoOverPi: bigint; halfPi: bigint } {
  const bits = FRACTION + GUARD;
  const one = 1n << bits;
  const pi = 4n * (4n * arctangentOfInverse(5n, one) - arctangentOfInverse(239n, one)); // Machin 1706
  return { twoOverPi: (one << (FRACTION + 1n)) / pi, halfPi: pi >> (bits + 1n - PRECISION) };
}

/** arctan(1/n) in units of 1/one. */
function arctangentOfInverse(n: bigint, one: bigint): bigint {
  let sum = 0n;
  let power = one / n;
  for (let odd = 1n; power !== 0n; odd += 2n) {
    sum += (odd & 2n) === 0n ? power / odd : -(power / odd);
    power /= n * n;
  }
  return sum;
}
