/** A roll-out that does not fit into the memory of the kernels, which has at most 4 GiB. */
export class MemoryError extends Error {
  override readonly name = "MemoryError";
  /** Bytes that are needed at least. */
  readonly needed: number;
  /** Bytes that there are. */
  readonly available: number;

  constructor(needed: number, available: number) {
    super(
      `roll-out: expected memory for at least ${needed} bytes, received ${available} of at most ${2 ** 32}. Take a smaller batch or fewer steps at once?`,
    );
    this.needed = needed;
    this.available = available;
  }
}
