import type { WriteStream } from "node:tty";
import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** Dresses a text up, or leaves it alone. */
export type Style = (format: Format, text: string) => string;

/** Leaves every text alone. */
export const plain: Style = (_, text) => text;

/** Dresses up whatever it is given. */
export const coloured: Style = (format, text) => styleText(format, text, { validateStream: false });

/** Colour where the stream is a terminal that has it, and neither NO_COLOR nor TERM=dumb says otherwise. */
export function styleFor(stream: Pick<WriteStream, "isTTY">, environment: NodeJS.ProcessEnv = process.env): Style {
  const forbidden = (environment["NO_COLOR"] ?? "") !== "" || environment["TERM"] === "dumb";
  return stream.isTTY && !forbidden ? coloured : plain;
}

/** Columns of the terminal; unlimited when piped. */
export function widthOf(stream: Pick<WriteStream, "isTTY" | "columns">): number {
  return stream.isTTY ? stream.columns : Number.POSITIVE_INFINITY;
}

/** A text without escape sequences. */
export function withoutColour(text: string): string {
  // oxlint-disable-next-line no-control-regex -- escape sequences begin with a control character
  return text.replace(/\u001B\[[0-9;]*m/gu, "");
}
