import { reserve } from "@ganglion/kernels";
import type { Region } from "@ganglion/kernels";
import type { Data } from "../dtype.ts";
import type { Tensor } from "../tensor.ts";
import type { Instruction } from "./recorder.ts";
import { bind, viewsOf } from "./replay.ts";
import type { View } from "./replay.ts";
import type { Slot } from "./slot.ts";

/** Bytes of what is worth lending. */
const LARGE = 65536;

/** A plan in its memory: values are copied in, stages run one after the other, results are copied out. */
export class Machine {
  private readonly stages: readonly (readonly Instruction[])[];
  private readonly constants: readonly Slot[];
  private readonly region: Region;
  private buffer: ArrayBufferLike | undefined;
  private view!: View;
  private bound: (() => void)[][] = [];

  /** @param bytes of all slots, which have their places already */
  constructor(stages: readonly (readonly Instruction[])[], constants: readonly Slot[], bytes: number) {
    this.stages = stages;
    this.constants = constants;
    this.region = reserve(bytes);
  }

  write(slots: readonly Slot[], values: readonly Tensor[]): void {
    const view = this.views();
    for (let index = 0; index < slots.length; index++) view(slots[index]!).set(values[index]!.data);
  }

  run(stage: number): void {
    this.views();
    for (const instruction of this.bound[stage]!) instruction();
  }

  read(slots: readonly Slot[], lend: boolean): Data[] {
    const view = this.views();
    return slots.map((slot) => {
      const values = view(slot);
      return lend && values.byteLength >= LARGE ? values : values.slice();
    });
  }

  /** Views of the slots; the memory is another object after it has grown, with the same values in it. */
  private views(): View {
    const { buffer, start } = this.region;
    if (buffer !== this.buffer) {
      const view = viewsOf(buffer, start, undefined);
      for (const slot of this.constants) view(slot).set(slot.constant!);
      this.bound = this.stages.map((instructions) => bind(instructions, buffer, start, view));
      this.buffer = buffer;
      this.view = view;
    }
    return this.view;
  }
}
