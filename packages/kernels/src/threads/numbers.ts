// Threads know programs and weights by numbers, which are never given twice.
let programs = 0;
let versions = 0;

/** A number for a new program. */
export const newProgram = (): number => ++programs;

/** A number for weights that a program has loaded. */
export const newVersion = (): number => ++versions;
