import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** A file that is open for writing. */
export interface OpenFile {
  /** Writes some of the bytes, perhaps not all, and returns how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** Waits until the content is on the disk. */
  sync(): Promise<void>;
  /** Cuts the file to a length. */
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** The few things that checkpoints ask of a file system; tests pass one that fails. */
export interface Files {
  /** Makes a folder and those above it; content with one that is there. */
  makeFolder(path: string): Promise<void>;
  /** Names in a folder; none when it is not there. */
  list(folder: string): Promise<readonly string[]>;
  /** Content of a file; undefined when it is not there. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Opens a file to write it anew or to append to it. */
  open(path: string, mode: "write" | "append"): Promise<OpenFile>;
  /** Gives a file another name at once, in place of what had it. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; content when it is not there. */
  remove(path: string): Promise<void>;
  /** Waits until the names in a folder are on the disk. */
  syncFolder(path: string): Promise<void>;
}

/** The file system of this machine. */
export const nodeFiles: Files = {
  makeFolder: async (path) => {
    await mkdir(path, { recursive: true });
  },
  list: async (folder) => (await unlessMissing(readdir(folder))) ?? [],
  read: async (path) => unlessMissing(readFile(path)),
  open: async (path, mode) => {
    const handle = await open(path, mode === "write" ? "w" : "a");
    return {
      write: async (bytes) => (await handle.write(bytes)).bytesWritten,
      sync: () => handle.sync(),
      truncate: (length) => handle.truncate(length),
      close: () => handle.close(),
    };
  },
  rename,
  remove: (path) => rm(path, { force: true }),
  syncFolder: async (path) => {
    // Windows has no such call for folders and keeps names in its journal
    if (process.platform === "win32") return;
    const handle = await open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

/** Ending of files that are not finished. */
export const unfinished = ".partial";

/**
 * Replaces a file at once: whoever reads it, even after a crash, finds the old content or the new, never a part.
 *
 * Temporary file beside it, flush, compare with what was meant, rename, flush of the folder.
 */
export async function replaceFile(files: Files, folder: string, name: string, content: Uint8Array): Promise<void> {
  const temporary = join(folder, name + unfinished);
  try {
    const file = await files.open(temporary, "write");
    try {
      await writeAll(file, content);
      await file.sync();
    } finally {
      await file.close();
    }
    const written = await files.read(temporary);
    if (written === undefined || Buffer.compare(written, content) !== 0) {
      throw new Error("the file system returned other bytes than it was given");
    }
    await files.rename(temporary, join(folder, name));
  } catch (error) {
    await files.remove(temporary).catch(() => undefined);
    throw error;
  }
  await files.syncFolder(folder);
}

/** Writes all bytes, however few the file takes at a time. */
export async function writeAll(file: OpenFile, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) {
    const count = await file.write(rest);
    if (count === 0) throw new Error("the file system took no more bytes");
    rest = rest.subarray(count);
  }
}

async function unlessMissing<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
