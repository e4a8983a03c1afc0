const HOST_IS_LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Turns words from host order into little-endian order or back, in place; nothing to do on nearly every machine. */
export function littleEndian(bytes: Uint8Array, width: number, hostIsLittle: boolean = HOST_IS_LITTLE): void {
  if (hostIsLittle || width === 1) return;
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}

/** The memory of any typed array, or of a Node Buffer, as plain bytes: a view, not a copy. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
