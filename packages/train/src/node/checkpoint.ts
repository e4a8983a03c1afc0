import { join } from "node:path";
import { decode, encode } from "@ganglion/int8";
import { fromData } from "@ganglion/tensor";
import type { Tree } from "@ganglion/tensor";
import { CheckpointError, reasonOf } from "./errors.ts";
import { nodeFiles, replaceFile, unfinished } from "./files.ts";
import type { Files } from "./files.ts";
import { hashBytes } from "./hash.ts";
import { checkSetting } from "../check.ts";
import { assemble, dismantle } from "./structure.ts";

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What a checkpoint says besides its tree. */
export interface CheckpointMeta {
  readonly [name: string]: Json;
  /** Steps that the tree has behind it, a whole number from 0. */
  readonly step: number;
}

/** A checkpoint as it was read. */
export interface Checkpoint {
  readonly tree: Tree;
  readonly meta: CheckpointMeta;
  /** Path of the file. */
  readonly path: string;
  /** A sentence about each newer checkpoint that was damaged and passed over. */
  readonly warnings: readonly string[];
}

/** Where a checkpoint was written. */
export interface WrittenCheckpoint {
  readonly path: string;
  /** SHA-256 of the file, which is also in its name. */
  readonly hash: string;
}

/** Where a checkpoint is kept; the machine's own file system by default. */
interface Place {
  readonly files?: Files;
}

/** Checkpoints kept in a folder. */
const kept = 2;

/**
 * Writes a checkpoint so that a crash at any moment leaves a loadable one: temporary file, flush, rename, flush of the
 * folder. The file is an `@ganglion/int8` container named after its step and SHA-256.
 *
 * The checkpoint before it is kept too; older ones are removed, and so are those of later steps, which belong to a
 * continuation that was given up. One process at a time may write to a folder.
 *
 * @param folder made when it is not there
 * @param tree tensors of any dtype, in lists and records
 * @throws ConfigError when `meta.step` is not a whole number from 0; CheckpointError (`disk`) when the disk is full or fails; what was there before is untouched
 */
export async function writeCheckpoint(
  folder: string,
  tree: Tree,
  meta: CheckpointMeta,
  { files = nodeFiles }: Place = {},
): Promise<WrittenCheckpoint> {
  const { step } = meta;
  checkSetting("writeCheckpoint", "meta.step as a whole number from 0", step, Number.isSafeInteger(step) && step >= 0);
  const bytes = pack(tree, meta);
  const hash = hashBytes(bytes);
  const name = `${String(step).padStart(stepDigits, "0")}-${hash}${ending}`;
  try {
    await files.makeFolder(folder);
    await replaceFile(files, folder, name, bytes);
    await prune(files, folder, name);
  } catch (error) {
    throw new CheckpointError(
      "writeCheckpoint",
      "disk",
      join(folder, name),
      `expected to write ${bytes.length} bytes to ${folder}, received "${reasonOf(error)}"`,
      "Free some space or choose another folder; the checkpoints before it are intact.",
      error,
    );
  }
  return { path: join(folder, name), hash };
}

/**
 * Reads the newest intact checkpoint of a folder; `warnings` says which newer one was damaged.
 *
 * @throws CheckpointError `missing` when there is none, `damaged` when none is intact
 */
export async function readCheckpoint(folder: string, { files = nodeFiles }: Place = {}): Promise<Checkpoint> {
  const damaged: string[] = [];
  const candidates = await listCheckpoints(files, folder);
  for (const { name, step, hash } of candidates) {
    const path = join(folder, name);
    try {
      const bytes = await files.read(path);
      if (bytes === undefined || hashBytes(bytes) !== hash) throw new Error("its SHA-256 is not the one in its name");
      const { tree, meta } = unpack(bytes);
      if (meta.step !== step) throw new Error("its step is not the one in its name");
      const warnings = damaged.map((text) => `readCheckpoint: ${text}; continued from step ${step}`);
      return { tree, meta, path, warnings };
    } catch (error) {
      damaged.push(`the checkpoint of step ${step} is damaged (${reasonOf(error)})`);
    }
  }
  if (damaged.length === 0) {
    const problem = `expected a checkpoint in ${folder}, found none`;
    throw new CheckpointError("readCheckpoint", "missing", folder, problem, "Start the run without resuming?");
  }
  throw new CheckpointError(
    "readCheckpoint",
    "damaged",
    folder,
    `expected an intact checkpoint in ${folder}, but ${damaged.join(" and ")}`,
    "Restore the folder from a copy, or remove it and start again?",
  );
}

const ending = ".ganglion";
const stepDigits = 10;
const pattern = /^(\d{10,16})-([0-9a-f]{64})\.ganglion$/;

interface Listed {
  readonly name: string;
  readonly step: number;
  readonly hash: string;
}

/** Checkpoints by name alone, newest first. */
async function listCheckpoints(files: Files, folder: string): Promise<Listed[]> {
  const matches = (await files.list(folder)).map((name) => pattern.exec(name)).filter((match) => match !== null);
  return matches
    .map(([name, step, hash]) => ({ name, step: Number(step), hash: hash! }))
    .toSorted((a, b) => b.step - a.step || (a.name < b.name ? -1 : 1));
}

/** Removes what is older than the checkpoint before `newest`, what is newer than `newest`, and unfinished files. */
async function prune(files: Files, folder: string, newest: string): Promise<void> {
  const listed = await listCheckpoints(files, folder);
  const step = listed.find(({ name }) => name === newest)!.step;
  const before = listed.filter((other) => other.step < step).slice(0, kept - 1);
  const keep = new Set([newest, ...before.map(({ name }) => name)]);
  const leftovers = (await files.list(folder)).filter((name) => name.endsWith(ending + unfinished));
  const superseded = listed.map(({ name }) => name).filter((name) => !keep.has(name));
  for (const name of [...leftovers, ...superseded]) await files.remove(join(folder, name));
}

function pack(tree: Tree, meta: CheckpointMeta): Uint8Array {
  const { structure, leaves, paths } = dismantle(tree);
  const entries = leaves.map(({ shape, dtype, data }, index) => ({
    kind: "raw" as const,
    name: `${index} ${paths[index]!.slice(0, 60)}`,
    shape,
    dtype,
    data,
  }));
  const metadata = { kind: "checkpoint 1", structure: JSON.stringify(structure), meta: JSON.stringify(meta) };
  return encode(entries, { metadata });
}

function unpack(bytes: Uint8Array): Pick<Checkpoint, "tree" | "meta"> {
  const { entries, metadata } = decode(bytes);
  if (metadata["kind"] !== "checkpoint 1") throw new Error("it is a container of another kind");
  const leaves = entries.map((entry) => {
    if (entry.kind !== "raw") throw new Error("it holds codes instead of values");
    return fromData(entry.data, entry.shape);
  });
  const meta: unknown = JSON.parse(metadata["meta"] ?? "null");
  if (typeof meta !== "object" || meta === null || !("step" in meta)) throw new Error("it does not say its step");
  return { tree: assemble(JSON.parse(metadata["structure"] ?? "null"), leaves), meta: meta as CheckpointMeta };
}
