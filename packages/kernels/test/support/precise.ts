// Elementary functions of float64 numbers in exact fixed-point arithmetic: integers in units of 2^-1400.
const P = 1400n;
const ONE = 1n << P;

/** Error of `y` as an approximation of the fixed-point number `exact`, in units in the last place of `exact`. */
export function ulps(y: number, exact: bigint): number {
  const size = exact < 0n ? -exact : exact;
  const exponent = Math.max(size.toString(2).length - 1 - Number(P), -1022);
  const ulp = 1n << (P + BigInt(exponent) - 52n);
  const error = fixed(y) - exact;
  return Number(((error < 0n ? -error : error) * 1000n) / ulp) / 1000;
}

/** Exact functions by name; results in fixed point. */
export const precise: Readonly<
  Record<"exp" | "log" | "tanh" | "sigmoid" | "sin" | "cos" | "erf", (x: number) => bigint>
> = {
  exp: (x) => exp(fixed(x)),
  log: (x) => {
    // Halley's iteration triples the 53 right digits of the start
    let y = fixed(Math.log(x));
    for (let i = 0; i < 3; i++) {
      const e = exp(y);
      y += (2n * (fixed(x) - e) * ONE) / (fixed(x) + e);
    }
    return y;
  },
  tanh: (x) => {
    const e = exp(2n * fixed(x));
    return ((e - ONE) * ONE) / (e + ONE);
  },
  sigmoid: (x) => {
    const e = exp(-fixed(x));
    return (ONE * ONE) / (ONE + e);
  },
  sin: (x) => sineOfQuarters(...reduce(x)),
  cos: (x) => {
    const [quarters, rest] = reduce(x);
    return sineOfQuarters(quarters + 1n, rest);
  },
  erf: (x) => {
    const z = fixed(x);
    const square = (z * z) >> P;
    let sum = 0n;
    let power = z;
    for (let n = 1n; power !== 0n; n++) {
      sum += power / (2n * n - 1n);
      power = -((power * square) >> P) / n;
    }
    return (2n * sum * ONE) / squareRoot(pi(P) << P);
  },
};

/** A finite float64, exactly. */
function fixed(x: number): bigint {
  if (Number.isInteger(x)) return BigInt(x) << P;
  let scale = 0n;
  let y = x;
  for (; !Number.isInteger(y); scale++) y *= 2;
  return BigInt(y) << (P - scale);
}

function exp(x: bigint): bigint {
  const k = x / ln2;
  const r = (x - k * ln2) >> 16n;
  let sum = 0n;
  let term = ONE;
  for (let n = 1n; term !== 0n; n++) {
    sum += term;
    term = ((term * r) >> P) / n;
  }
  for (let i = 0; i < 16; i++) sum = (sum * sum) >> P;
  return k < 0n ? sum >> -k : sum << k;
}

/** Quarter turns in x, and the rest in fixed point, at most pi/4. */
function reduce(x: number): [bigint, bigint] {
  const long = pi(P + 1100n) / 2n;
  const angle = fixed(x) << 1100n;
  const quarters = (2n * angle + long) / (2n * long) - (angle < -long / 2n ? 1n : 0n);
  return [quarters, (angle - quarters * long) >> 1100n];
}

function sineOfQuarters(quarters: bigint, rest: bigint): bigint {
  const square = (rest * rest) >> P;
  const even = (quarters & 1n) === 0n;
  let sum = 0n;
  let term = even ? rest : ONE;
  for (let n = even ? 2n : 1n; term !== 0n; n += 2n) {
    sum += term;
    term = -((term * square) >> P) / (n * (n + 1n));
  }
  return (quarters & 2n) === 0n ? sum : -sum;
}

/** Gauss: pi/4 = 12 arctan(1/18) + 8 arctan(1/57) - 5 arctan(1/239). */
function pi(bits: bigint): bigint {
  const known = pis.get(bits);
  if (known !== undefined) return known;
  const sum =
    12n * inverseSeries(18n, bits, -1n) + 8n * inverseSeries(57n, bits, -1n) - 5n * inverseSeries(239n, bits, -1n);
  pis.set(bits, 4n * sum);
  return 4n * sum;
}
const pis = new Map<bigint, bigint>();

/** arctan(1/n) for sign -1, artanh(1/n) for sign 1. */
function inverseSeries(n: bigint, bits: bigint, sign: bigint): bigint {
  let sum = 0n;
  let power = (1n << bits) / n;
  for (let odd = 1n; power !== 0n; odd += 2n) {
    sum += power / odd;
    power = (sign * power) / (n * n);
  }
  return sum;
}

function squareRoot(value: bigint): bigint {
  let root = 1n << BigInt((value.toString(2).length / 2 + 1) | 0);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

const ln2 = 18n * inverseSeries(26n, P, 1n) - 2n * inverseSeries(4801n, P, 1n) + 8n * inverseSeries(8749n, P, 1n);
