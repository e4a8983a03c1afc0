/** A stretch of memory, in bytes. */
interface Stretch {
  start: number;
  end: number;
}

/** Hands out stretches of a memory and takes them back: the first that is large enough, in multiples of 64 bytes. */
export class Heap {
  /** Free stretches below the top, in their order, none next to another. */
  private readonly free: Stretch[] = [];
  private top: number;
  private readonly reach: (bytes: number) => boolean;

  /**
   * @param start first byte that may be handed out
   * @param reach makes the memory at least so large, or says that it cannot be
   */
  constructor(start: number, reach: (bytes: number) => boolean) {
    this.top = start;
    this.reach = reach;
  }

  /** First byte of so many; undefined when there is no room. */
  take(bytes: number): number | undefined {
    const size = roomFor(bytes);
    const place = this.free.findIndex(({ start, end }) => end - start >= size);
    if (place === -1) {
      if (!this.reach(this.top + size)) return undefined;
      this.top += size;
      return this.top - size;
    }
    const found = this.free[place]!;
    found.start += size;
    if (found.start === found.end) this.free.splice(place, 1);
    return found.start - size;
  }

  /** Takes back what `take` gave. */
  giveBack(start: number, bytes: number): void {
    const end = start + roomFor(bytes);
    let place = this.free.findIndex((stretch) => stretch.start > start);
    if (place === -1) place = this.free.length;
    this.free.splice(place, 0, { start, end });
    for (const at of [place, place - 1]) {
      const [here, next] = [this.free[at], this.free[at + 1]];
      if (here === undefined || next === undefined || here.end !== next.start) continue;
      here.end = next.end;
      this.free.splice(at + 1, 1);
    }
    if (this.free.at(-1)?.end === this.top) this.top = this.free.pop()!.start;
  }
}

function roomFor(bytes: number): number {
  return 64 * Math.max(1, Math.ceil(bytes / 64));
}
