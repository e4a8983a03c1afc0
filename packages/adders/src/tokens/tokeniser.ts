/** A whole number from 0; bigint where it may exceed 2^53. */
export type Whole = number | bigint;

/** How two numbers become tokens, and tokens a number: no arithmetic but a change of base. */
export interface Tokeniser {
  /** Most decimal digits of an operand. */
  readonly digits: number;
  /** Tokens that the model is given. */
  readonly prompt: number;
  /** Tokens that the model appends. */
  readonly answer: number;
  /** Which tokens may stand at each of the `prompt + answer` places. */
  readonly template: readonly (readonly number[])[];
  /** Writes the prompt of `a + b` into `out`, from index `at`. */
  encode(a: Whole, b: Whole, out: Uint8Array, at: number): void;
  /** Reads the answer out of the tokens of one problem that begins at index `at`. */
  decode(tokens: ArrayLike<number>, at: number): Whole;
}

/** A number that a tokeniser cannot take. */
export class OperandRangeError extends Error {
  override readonly name = "OperandError";
  /** The number as it came. */
  readonly operand: Whole;

  constructor(operand: Whole, digits: number) {
    super(`add: expected whole numbers from 0 to 10^${digits} - 1, received ${operand}`);
    this.operand = operand;
  }
}

/** Refuses what has more digits than a tokeniser takes. */
export function requireWhole(operand: Whole, digits: number): void {
  const fits =
    typeof operand === "bigint"
      ? operand >= 0n && operand < 10n ** BigInt(digits)
      : Number.isSafeInteger(operand) && operand >= 0 && operand < 10 ** digits;
  if (!fits) throw new OperandRangeError(operand, digits);
}

/** Adds `factor` times each of the lowest digits of a number in a base of at most 36 to `out`, `step` apart. */
export function addDigits(
  value: Whole,
  base: number,
  count: number,
  out: Uint8Array,
  at: number,
  step: 1 | -1,
  factor: number,
): void {
  if (typeof value === "bigint") {
    const text = value.toString(base);
    for (let i = 0; i < count && i < text.length; i++) {
      out[at + step * i]! += factor * Number.parseInt(text[text.length - 1 - i]!, base);
    }
    return;
  }
  let rest = value;
  for (let i = 0; i < count; i++) {
    const next = Math.floor(rest / base);
    out[at + step * i]! += factor * (rest - base * next);
    rest = next;
  }
}

/** The number whose digits, lowest first, are given; a bigint above 15 decimal digits. */
export function fromDigits(digits: number, base: number, count: number, digitAt: (place: number) => number): Whole {
  if (digits > 15) {
    let text = "";
    for (let i = count - 1; i >= 0; i--) text += digitAt(i).toString(base);
    return base === 2 ? BigInt(`0b${text}`) : BigInt(text);
  }
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * base + digitAt(i);
  return value;
}

/** The whole numbers from `first` to `last`. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
