import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Numbers with their shape, as `peers/serve.py` reads them. */
export interface Shaped {
  readonly data: Float32Array | Int32Array | Uint8Array;
  readonly shape: readonly number[];
}

/**
 * Writes arrays for scripts: a line that names types and shapes, then the numbers one after the other.
 *
 * @returns path of a file that is gone when this process ends
 */
export function fileOf(arrays: Readonly<Record<string, Shaped>>): string {
  const folder = mkdtempSync(join(tmpdir(), "ganglion-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const kind = ({ data }: Shaped): string =>
    data instanceof Float32Array ? "<f4" : data instanceof Int32Array ? "<i4" : "u1";
  const described = Object.entries(arrays).map(([name, array]) => [name, kind(array), array.shape]);
  const path = join(folder, "arrays");
  const bytes = Object.values(arrays).map(({ data: { buffer, byteOffset, byteLength } }) =>
    Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength),
  );
  writeFileSync(path, Buffer.concat([Buffer.from(`${JSON.stringify(described)}\n`), ...bytes]));
  return path;
}

/** The arrays of such a file. */
export function readArrays(path: string): Record<string, Shaped> {
  const bytes = readFileSync(path);
  const line = bytes.indexOf("\n");
  const described = JSON.parse(bytes.toString("utf8", 0, line)) as [string, keyof typeof KINDS, number[]][];
  let at = line + 1;
  const arrays = described.map(([name, kind, shape]) => {
    const length = shape.reduce((product, axis) => product * axis, 1) * KINDS[kind].BYTES_PER_ELEMENT;
    const { buffer } = Uint8Array.from(bytes.subarray(at, at + length));
    at += length;
    return [name, { data: new KINDS[kind](buffer), shape }] as const;
  });
  return Object.fromEntries(arrays);
}

const KINDS = { "<f4": Float32Array, "<i4": Int32Array, u1: Uint8Array } as const;
