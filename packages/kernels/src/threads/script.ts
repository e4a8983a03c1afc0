/** Commands from `start` to `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Rows between a slot and the kernels' memory; offsets, widths and addresses in elements. */
export interface Rows {
  readonly slot: number;
  readonly offset: number;
  readonly width: number;
  readonly address: number;
  /** Distance of rows in the kernels' memory. */
  readonly step: number;
  readonly rows: number;
}

/** Commands for `execute`: each an operation, its length in words, and its arguments. */
export class Script {
  /** The commands, and room for more. */
  words: Int32Array = new Int32Array(256);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** The commands that `write` adds. */
  span(write: () => void): Span {
    const start = this.length;
    write();
    return { start, end: this.length };
  }

  /** Puts words at an address. */
  set(address: number, words: ArrayLike<number>): void {
    const at = this.head(0, words.length + 3);
    this.words[at + 2] = address / 4;
    this.words.set(words, at + 3);
  }

  /** Copies bytes of a slot to an address. */
  bytes(slot: number, offset: number, length: number, address: number): void {
    this.put(1, slot, offset, length, address);
  }

  /** Copies rows in. */
  read({ slot, offset, width, address, step, rows }: Rows): void {
    this.put(2, slot, offset, width, address, step, rows);
  }

  /** Copies rows out. */
  write({ slot, offset, width, address, step, rows }: Rows): void {
    this.put(3, slot, offset, width, address, step, rows);
  }

  /** Sets so many elements to 0. */
  clearAt(address: number, length: number): void {
    this.put(4, address / 4, length);
  }

  /** Adds up two arrays. */
  add(a: number, b: number, out: number, length: number): void {
    this.put(5, a / 4, b / 4, out / 4, length);
  }

  /** Calls a kernel with at most 5 arguments. */
  call(kernel: number, a = 0, b = 0, c = 0, d = 0, e = 0): void {
    this.put(6, kernel, a, b, c, d, e);
  }

  private put(operation: number, a: number, b: number, c = 0, d = 0, e = 0, f = 0): void {
    const at = this.head(operation, 8);
    const { words } = this;
    words[at + 2] = a;
    words[at + 3] = b;
    words[at + 4] = c;
    words[at + 5] = d;
    words[at + 6] = e;
    words[at + 7] = f;
  }

  private head(operation: number, length: number): number {
    const at = this.length;
    this.length += length;
    if (this.length > this.words.length) {
      const old = this.words;
      this.words = new Int32Array(2 * this.length);
      this.words.set(old);
    }
    this.words[at] = operation;
    this.words[at + 1] = length;
    return at;
  }
}
