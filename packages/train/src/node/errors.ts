/**
 * What went wrong: nothing there (`missing`), nothing intact (`damaged`), a file system that refuses or is full (`disk`),
 * something there already (`exists`), or a run that was begun with other settings (`config`).
 */
export type CheckpointErrorCode = "missing" | "damaged" | "disk" | "exists" | "config";

/** A checkpoint or run folder that cannot be read, written or resumed. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
  readonly code: CheckpointErrorCode;
  /** File or folder that it is about. */
  readonly path: string;
  /** What to do about it. */
  readonly repair: string;

  /** @internal */
  constructor(
    operation: string,
    code: CheckpointErrorCode,
    path: string,
    problem: string,
    repair: string,
    cause?: unknown,
  ) {
    super(`${operation}: ${problem}. ${repair}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
    this.repair = repair;
  }
}

/** The text of anything that was thrown. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
