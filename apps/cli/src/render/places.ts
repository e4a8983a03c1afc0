import type { Frame } from "@ganglion/models";

/** Step after which each cell's digit no longer changed, `[cells]`; 1 for one that was there from the first step. */
export function settlingSteps(frames: readonly Frame[]): readonly number[] {
  const last = frames.at(-1);
  if (last === undefined) return [];
  return last.digits.map((digit, cell) => {
    const wrong = frames.findLast((frame) => frame.digits[cell] !== digit);
    return wrong === undefined ? frames[0]!.step : wrong.step + 1;
  });
}

/** Letter of an expert: a, b, c. */
export function letter(expert: number): string {
  return String.fromCharCode("a".charCodeAt(0) + expert);
}

/** Colours of the experts, in turn. */
export const expertColours = ["red", "yellow", "white", "cyan", "blue", "magenta"] as const;

/** A power of ten, as in 10⁷. */
export function power(exponent: number): string {
  return `10${Array.from(String(exponent), (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]!).join("")}`;
}

/** An operand as one character per cell, lowest place first, with 0 above its highest digit. */
export function spread(operand: string, cells: number): readonly string[] {
  return Array.from(operand.padStart(cells, "0")).toReversed();
}
