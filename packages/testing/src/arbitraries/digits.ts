import fc, { type Arbitrary } from "fast-check";

/**
 * Decimal numbers of exactly `length` digits as text, leading zeros included.
 *
 * Half of them are uniform; the other half are made of runs of one digit, mostly 9 and 0, as long carries are.
 */
export function digits(length: number): Arbitrary<string> {
  const digit = fc.nat(9).map(String);
  const runs = fc
    .array(fc.tuple(fc.oneof(fc.constantFrom("9", "0"), digit), fc.integer({ min: 1, max: Math.max(1, length) })), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) => parts.map(([repeated, times]) => repeated.repeat(times)).join(""))
    .map((text) => text.slice(0, length).padStart(length, "0"));
  return fc.oneof(fc.string({ unit: digit, minLength: length, maxLength: length }), runs);
}
