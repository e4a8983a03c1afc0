import { writeFile } from "node:fs/promises";
import { FailedRun } from "./errors.ts";

/** Writes a file. @throws FailedRun when that is impossible */
export async function writeBytes(command: string, file: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(file, bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new FailedRun(`${command}: expected to write ${file}, received ${code}. Is there such a folder?`);
  }
}
