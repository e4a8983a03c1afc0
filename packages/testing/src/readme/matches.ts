import type { Literal } from "./literal.ts";

/**
 * Whether a value is what a README prints.
 *
 * Lists and records are compared deeply; a list also stands for a typed array. A number with a decimal point stands for
 * every number that rounds to it (`0.33` for 1/3), one without stands for itself.
 */
export function matches(value: unknown, literal: Literal): boolean {
  switch (literal.kind) {
    case "constant":
      return Object.is(value, literal.value);
    case "number":
      return typeof value === "number" && rounds(value, literal.value, literal.decimals);
    case "list":
      return (
        isList(value) &&
        value.length === literal.elements.length &&
        literal.elements.every((element, index) => matches(value[index], element))
      );
    case "record": {
      if (typeof value !== "object" || value === null || isList(value)) return false;
      const fields = new Map<string, unknown>(Object.entries(value));
      return (
        fields.size === literal.properties.size &&
        [...literal.properties].every(([name, expected]) => fields.has(name) && matches(fields.get(name), expected))
      );
    }
  }
}

function rounds(actual: number, printed: number, decimals: number | undefined): boolean {
  if (decimals === undefined) return Object.is(actual, printed);
  // the last bits allow for the printed number being rounded itself
  return Math.abs(actual - printed) <= 0.5 * 10 ** -decimals + 2 * Number.EPSILON * Math.abs(printed);
}

/** Whether a value is an array or a typed array. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}
