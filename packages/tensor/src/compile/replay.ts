import { viewOf } from "../dtype.ts";
import type { Data } from "../dtype.ts";
import { sizeOf } from "../shape.ts";
import type { Instruction, LoopInstruction } from "./recorder.ts";
import { byteOffset, rootOf } from "./slot.ts";
import type { Slot } from "./slot.ts";

/** Elements of a slot in the plan's memory. */
export type View = (slot: Slot) => Data;

/** Views of slots in a region of memory; slots that are not in it are looked up around it. */
export function viewsOf(
  buffer: ArrayBufferLike,
  start: number,
  own: ReadonlySet<Slot> | undefined,
  around?: View,
): View {
  const views = new Map<Slot, Data>();
  return (slot) => {
    const root = rootOf(slot);
    if (own !== undefined && around !== undefined && !own.has(root)) return around(slot);
    let view = views.get(slot);
    if (view === undefined) {
      view = viewOf(slot.dtype, buffer, start + root.place + byteOffset(slot), sizeOf(slot.shape));
      views.set(slot, view);
    }
    return view;
  };
}

/** Turns instructions into functions that work on fixed places of the memory. */
export function bind(
  instructions: readonly Instruction[],
  buffer: ArrayBufferLike,
  start: number,
  view: View,
): (() => void)[] {
  return instructions.map((instruction) => {
    switch (instruction.kind) {
      case "kernel": {
        const inputs = instruction.reads.map(view);
        const out = view(instruction.writes[0]!);
        const { kernel } = instruction;
        return () => kernel.run(inputs, out);
      }
      case "key":
        return instruction.run;
      case "loop":
        return bindLoop(instruction, buffer, start, view);
    }
  });
}

function bindLoop(loop: LoopInstruction, buffer: ArrayBufferLike, start: number, around: View): () => void {
  const { body, inner, outer, steps, reverse, workspace } = loop;
  const own = new Set<Slot>([...inner.carry, ...inner.xs, ...body.flatMap(({ writes }) => writes)]);
  const region = start + workspace.place;
  const view = viewsOf(buffer, region, own, around);
  const run = bind(body, buffer, region, view);
  const carry = inner.carry.map(view);
  const xs = inner.xs.map(view);
  const next = inner.next.map(view);
  const ys = inner.ys.map(view);
  const begin = outer.carry.map(around);
  const whole = outer.xs.map((slot, place) => rowsOf(around(slot), xs[place]!.length, steps));
  const collected = outer.ys.map((slot, place) => rowsOf(around(slot), ys[place]!.length, steps));
  const last = outer.last.map(around);
  // a body may hand on its carry in another order, so the next carry is read whole before it is written
  const aliased = inner.next.some((slot) => inner.carry.includes(rootOf(slot)));
  const staging = aliased ? next.map((values) => values.slice()) : next;
  return () => {
    begin.forEach((values, place) => carry[place]!.set(values));
    for (let turn = 0; turn < steps; turn++) {
      const index = reverse ? steps - 1 - turn : turn;
      for (let place = 0; place < xs.length; place++) xs[place]!.set(whole[place]![index]!);
      for (const instruction of run) instruction();
      for (let place = 0; place < ys.length; place++) collected[place]![index]!.set(ys[place]!);
      if (aliased) for (let place = 0; place < next.length; place++) staging[place]!.set(next[place]!);
      for (let place = 0; place < carry.length; place++) carry[place]!.set(staging[place]!);
    }
    last.forEach((values, place) => values.set(carry[place]!));
  };
}

const rowsOf = (values: Data, length: number, rows: number): Data[] =>
  Array.from({ length: rows }, (_, row) => values.subarray(row * length, (row + 1) * length));
