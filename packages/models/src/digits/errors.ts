/** Text that is not a whole number of decimal digits. */
export class OperandError extends Error {
  override readonly name = "OperandError";
  /** Operation that refused the text. */
  readonly operation: string;
  /** The text as it came. */
  readonly text: string;

  constructor(operation: string, text: string, expected: string, repair: string) {
    super(`${operation}: expected ${expected}, received ${quote(text)}. ${repair}`);
    this.operation = operation;
    this.text = text;
  }
}

/** Quotes a text for a message, cut after 40 characters. */
function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);
}
