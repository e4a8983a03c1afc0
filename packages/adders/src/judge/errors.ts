/** What a user's module did wrong. */
export type Offence =
  | "interface"
  | "throws"
  | "time limit"
  | "exits"
  | "not a number"
  | "peeks at the future"
  | "tokens";

/** A module that cannot be verified, or that was caught. */
export class ModuleError extends Error {
  override readonly name = "ModuleError";
  /** File of the module. */
  readonly file: string;
  readonly offence: Offence;

  constructor(file: string, offence: Offence, problem: string) {
    super(`verify: ${file}: ${problem}`);
    this.file = file;
    this.offence = offence;
  }
}
