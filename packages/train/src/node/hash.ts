import { createHash } from "node:crypto";
import type { Tensor, Tree } from "@ganglion/tensor";
import { dismantle } from "./structure.ts";

/**
 * SHA-256 of a tree: names, structure, dtypes, shapes and every bit of the values.
 *
 * The order in which a record's names were written makes no difference, nor does the kind of a NaN; -0 and 0 differ.
 *
 * @returns 64 hexadecimal digits
 */
export function hashTree(tree: Tree): string {
  const { structure, leaves } = dismantle(tree);
  const hash = createHash("sha256");
  hash.update(JSON.stringify([structure, leaves.map(({ dtype, shape }) => [dtype, shape])]));
  for (const leaf of leaves) hash.update(valuesOf(leaf));
  return hash.digest("hex");
}

/** SHA-256 of bytes, 64 hexadecimal digits. */
export const hashBytes = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Bytes of a tensor, least significant first, with one pattern for all NaNs. */
function valuesOf({ data }: Tensor): Uint8Array {
  const width = data.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  const view = new DataView(bytes.buffer);
  data.forEach((value, index) => {
    if (!Number.isNaN(value)) return;
    if (width === 4) view.setUint32(index * width, canonical32, littleEndian);
    else view.setBigUint64(index * width, canonical64, littleEndian);
  });
  if (!littleEndian && width === 4) Buffer.from(bytes.buffer).swap32();
  if (!littleEndian && width === 8) Buffer.from(bytes.buffer).swap64();
  return bytes;
}

const canonical32 = 0x7fc00000;
const canonical64 = 0x7ff8000000000000n;
const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
