import type { LoadedModel } from "@ganglion/models";
import { FailedRun } from "./errors.ts";

/**
 * Loads a model with the weights that ship with it, or with those in a file.
 *
 * @throws UnknownModelError, WeightsError or CodecError as the models package does; FailedRun when the file cannot be read
 */
export async function loadModel(command: string, name: string, file: string | undefined): Promise<LoadedModel> {
  const { decodeWeights, define, load } = await import("@ganglion/models");
  if (file === undefined) return load(name);
  const { adder, card } = await define(name);
  return { adder, card, params: decodeWeights(adder, await readBytes(command, file)) };
}

/** Reads a file. @throws FailedRun when there is none, or it cannot be read */
export async function readBytes(command: string, file: string): Promise<Uint8Array> {
  const { readFile } = await import("node:fs/promises");
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const found = code === "ENOENT" ? "none" : code === "EISDIR" ? "a folder" : `one that cannot be read (${code})`;
    throw new FailedRun(`${command}: expected a file at ${file}, found ${found}`);
  }
}
