import { basename, dirname } from "node:path";
import type { Files, OpenFile } from "../../src/node.ts";

/** The machine stops: nothing after it happens. */
export class Crash extends Error {}

interface Inode {
  content: Buffer;
  /** What a loss of power leaves for certain. */
  synced: Buffer;
}

/** Faults to inject, checked before each operation; operations are counted from 0. */
export interface Faults {
  /** Operation at which the machine stops. */
  readonly crashAt?: number;
  /** Operation that fails once with "no space left". */
  readonly failAt?: number;
  /** Bytes that one write takes at most. */
  readonly chunk?: number;
  /** Bytes that all files may hold together. */
  readonly capacity?: number;
  /** Changes a byte of every write that begins at this position of its file or beyond. */
  readonly flipFrom?: number;
}

/**
 * Files in memory that know what a loss of power would leave: content that was synced, and the names that the journal had
 * reached when the power failed, in order.
 */
export class MemoryFiles implements Files {
  faults: Faults;
  operations = 0;
  names = new Map<string, Inode>();
  #journal: Map<string, Inode>[] = [];
  #durable = new Map<string, Inode>();

  constructor(faults: Faults = {}) {
    this.faults = faults;
  }

  /** What is there after a loss of power: `share` of the unsynced names and bytes made it to the disk. */
  afterPowerLoss(share: number): MemoryFiles {
    const states = [this.#durable, ...this.#journal];
    const reached = states[Math.round(share * (states.length - 1))]!;
    const files = new MemoryFiles();
    for (const [path, { content, synced }] of reached) {
      const rest = content.subarray(synced.length);
      const left = Buffer.concat([synced, rest.subarray(0, Math.floor(share * rest.length))]);
      files.names.set(path, { content: left, synced: left });
    }
    files.#durable = new Map(files.names);
    return files;
  }

  /** Places a file as it is. */
  put(path: string, content: Uint8Array): void {
    const bytes = Buffer.from(content);
    this.names.set(path, { content: bytes, synced: bytes });
  }

  get used(): number {
    return [...new Set(this.names.values())].reduce((sum, { content }) => sum + content.length, 0);
  }

  async makeFolder(): Promise<void> {
    this.#tick();
  }

  async list(folder: string): Promise<readonly string[]> {
    this.#tick();
    return [...this.names.keys()].filter((path) => dirname(path) === folder).map((path) => basename(path));
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    this.#tick();
    return this.names.get(path)?.content;
  }

  async open(path: string, mode: "write" | "append"): Promise<OpenFile> {
    this.#tick();
    const empty: Inode = { content: Buffer.alloc(0), synced: Buffer.alloc(0) };
    const inode = (mode === "append" ? this.names.get(path) : undefined) ?? empty;
    if (inode === empty) this.#rename(path, inode);
    return {
      write: async (bytes) => {
        this.#tick();
        const { chunk = Infinity, capacity = Infinity, flipFrom = Infinity } = this.faults;
        const free = capacity - this.used;
        if (free <= 0) throw noSpace();
        const taken = Buffer.from(bytes.subarray(0, Math.min(bytes.length, chunk, free)));
        if (inode.content.length >= flipFrom) taken[0] = taken[0]! ^ 1;
        inode.content = Buffer.concat([inode.content, taken]);
        return taken.length;
      },
      sync: async () => {
        this.#tick();
        inode.synced = inode.content;
      },
      truncate: async (length) => {
        this.#tick();
        inode.content = inode.content.subarray(0, length);
      },
      close: async () => undefined,
    };
  }

  async rename(from: string, to: string): Promise<void> {
    this.#tick();
    const inode = this.names.get(from);
    if (inode === undefined) throw new Error(`ENOENT: ${from}`);
    this.names.delete(from);
    this.#rename(to, inode);
  }

  async remove(path: string): Promise<void> {
    this.#tick();
    this.names.delete(path);
    this.#journal.push(new Map(this.names));
  }

  async syncFolder(): Promise<void> {
    this.#tick();
    this.#durable = new Map(this.names);
    this.#journal = [];
  }

  #rename(path: string, inode: Inode): void {
    this.names.set(path, inode);
    this.#journal.push(new Map(this.names));
  }

  #tick(): void {
    const { crashAt = Infinity, failAt } = this.faults;
    const operation = this.operations++;
    if (operation >= crashAt) throw new Crash("power lost");
    if (operation === failAt) throw noSpace();
  }
}

const noSpace = (): Error => Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
