import type { Instruction } from "./recorder.ts";
import { rootOf } from "./slot.ts";
import type { Slot } from "./slot.ts";

/** Instructions that something reads, in order. */
export function live(instructions: readonly Instruction[], results: readonly Slot[]): Instruction[] {
  const needed = new Set(results.map(rootOf));
  const kept: Instruction[] = [];
  for (const instruction of instructions.toReversed()) {
    const { kind, reads, writes } = instruction;
    if (kind !== "key" && !writes.some((slot) => needed.has(slot))) continue;
    for (const slot of reads) needed.add(rootOf(slot));
    kept.push(instruction);
  }
  return kept.toReversed();
}

/**
 * Gives every slot its place in one region of memory; slots that are never alive at the same time share places.
 *
 * @param pinned slots that keep their place throughout: arguments, constants, results
 * @returns bytes of the region
 */
export function layOut(instructions: readonly Instruction[], pinned: readonly Slot[]): number {
  let end = 0;
  const fixed = new Set(pinned.map(rootOf));
  for (const slot of fixed) {
    slot.place = end;
    end += slot.bytes;
  }
  const lastUse = new Map<Slot, number>();
  instructions.forEach(({ reads, writes }, index) => {
    for (const slot of [...reads, ...writes]) lastUse.set(rootOf(slot), index);
  });
  const gaps = new Gaps(end);
  instructions.forEach((instruction, index) => {
    if (instruction.kind === "loop") instruction.workspace.bytes = layOutBody(instruction);
    for (const slot of instruction.writes) if (!fixed.has(slot)) slot.place = gaps.take(slot.bytes);
    for (const slot of new Set([...instruction.reads, ...instruction.writes].map(rootOf))) {
      const own = !fixed.has(slot) && slot.place >= 0 && lastUse.get(slot) === index;
      if (own && owned(instructions, slot)) gaps.give(slot.place, slot.bytes);
    }
  });
  return gaps.end;
}

const ownersOf = new WeakMap<readonly Instruction[], Set<Slot>>();

/** Whether one of these instructions writes the slot: a loop's body also reads slots from around the loop. */
function owned(instructions: readonly Instruction[], slot: Slot): boolean {
  let own = ownersOf.get(instructions);
  if (own === undefined) {
    own = new Set(instructions.flatMap(({ writes }) => writes));
    ownersOf.set(instructions, own);
  }
  return own.has(slot);
}

function layOutBody({ body, inner }: Extract<Instruction, { kind: "loop" }>): number {
  const own = new Set<Slot>([...inner.carry, ...inner.xs, ...body.flatMap(({ writes }) => writes)]);
  const results = [...inner.next, ...inner.ys].map(rootOf).filter((slot) => own.has(slot));
  return layOut(body, [...inner.carry, ...inner.xs, ...results]);
}

/** Free stretches of a region that grows when none is large enough. */
class Gaps {
  end: number;
  private readonly free: { start: number; bytes: number }[] = [];

  constructor(end: number) {
    this.end = end;
  }

  /** Place for so many bytes: the smallest gap that holds them. */
  take(bytes: number): number {
    let best = -1;
    this.free.forEach((gap, index) => {
      if (gap.bytes >= bytes && (best === -1 || gap.bytes < this.free[best]!.bytes)) best = index;
    });
    if (best === -1) {
      const start = this.end;
      this.end += bytes;
      return start;
    }
    const gap = this.free[best]!;
    const { start } = gap;
    if (gap.bytes === bytes) this.free.splice(best, 1);
    else this.free[best] = { start: start + bytes, bytes: gap.bytes - bytes };
    return start;
  }

  give(start: number, bytes: number): void {
    if (bytes === 0) return;
    const after = this.free.findIndex((gap) => gap.start > start);
    const place = after === -1 ? this.free.length : after;
    this.free.splice(place, 0, { start, bytes });
    this.merge(place);
    this.merge(place - 1);
  }

  private merge(place: number): void {
    const [gap, next] = [this.free[place], this.free[place + 1]];
    if (gap === undefined || next === undefined || gap.start + gap.bytes !== next.start) return;
    this.free.splice(place, 2, { start: gap.start, bytes: gap.bytes + next.bytes });
  }
}
