/** Bytes kept one after the other, each content behind its length (u32); place 0 means none. */
export class Heap {
  #bytes: Uint8Array = new Uint8Array(64);
  #end = 8;

  /** Bytes in use, `[end]`: a view that growth leaves behind. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  /** A heap over bytes that were saved. */
  static of(bytes: Uint8Array): Heap {
    const heap = new Heap();
    heap.#bytes = bytes;
    heap.#end = bytes.length;
    return heap;
  }

  /** Keeps a copy. @returns its place */
  add(content: Uint8Array): number {
    const place = this.#end;
    const end = place + 4 + content.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#bytes.length));
      larger.set(this.bytes);
      this.#bytes = larger;
    }
    new DataView(this.#bytes.buffer, this.#bytes.byteOffset).setUint32(place, content.length, true);
    this.#bytes.set(content, place + 4);
    this.#end = end;
    return place;
  }

  /** A copy of what is kept at a place; nothing at place 0. */
  at(place: number): Uint8Array | undefined {
    if (place === 0) return undefined;
    const length = new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getUint32(place, true);
    return this.#bytes.slice(place + 4, place + 4 + length);
  }

  /** Whether a whole content lies at a place. */
  has(place: number): boolean {
    if (place < 8 || place + 4 > this.#end) return false;
    const length = new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getUint32(place, true);
    return place + 4 + length <= this.#end;
  }
}
