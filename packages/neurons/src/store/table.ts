/** One memory as bytes, words and floats. */
export interface Views {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly floats: Float32Array;
}

/** Records of one size, one after the other, in memory that doubles when it is full. */
export class Table {
  readonly #recordBytes: number;
  #length = 0;
  #views: Views;

  constructor(recordBytes: number, capacity = 16) {
    this.#recordBytes = recordBytes;
    this.#views = viewsOf(new ArrayBuffer(Math.max(1, capacity) * recordBytes));
  }

  /** A table of records that were saved; takes the memory over. */
  static of(recordBytes: number, bytes: Uint8Array<ArrayBuffer>): Table {
    const table = new Table(recordBytes, 0);
    table.#length = bytes.length / recordBytes;
    if (bytes.length > 0) table.#views = viewsOf(bytes.byteOffset % 4 === 0 ? bytes.buffer : bytes.slice().buffer);
    return table;
  }

  get length(): number {
    return this.#length;
  }

  get capacity(): number {
    return this.bytes / this.#recordBytes;
  }

  get bytes(): number {
    return this.#views.bytes.length;
  }

  /** The whole memory; growth leaves old views behind. */
  get views(): Views {
    return this.#views;
  }

  /** Appends records of zeros. @returns index of the first */
  add(count: number): number {
    const first = this.#length;
    this.reserve(first + count);
    this.#length = first + count;
    return first;
  }

  /** Makes room for so many records in all. */
  reserve(records: number): void {
    if (records <= this.capacity) return;
    const larger = viewsOf(new ArrayBuffer(Math.max(records, 2 * this.capacity) * this.#recordBytes));
    larger.words.set(this.#views.words);
    this.#views = larger;
  }
}

function viewsOf(buffer: ArrayBuffer): Views {
  return { bytes: new Uint8Array(buffer), words: new Uint32Array(buffer), floats: new Float32Array(buffer) };
}
