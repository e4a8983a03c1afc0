/** A command line that makes no sense. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A run that did what it was asked, and failed. */
export class FailedRun extends Error {
  override readonly name = "FailedRun";
}

/** Errors of the packages below that mean a mistyped argument. */
const usage = new Set(["UsageError", "OperandError", "UnknownModelError", "ConfigError"]);

/** Turns whatever was thrown into one line and an exit code. */
export function explain(error: unknown): { readonly message: string; readonly code: 1 | 2 } {
  if (!(error instanceof Error)) return { message: `ganglion: ${String(error)}`, code: 1 };
  const message = error.message.split("\n", 1)[0]!;
  return {
    message: message === "" ? `ganglion: ${error.name}` : message,
    code: usage.has(error.name) ? 2 : 1,
  };
}
