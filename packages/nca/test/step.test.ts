import { fc, test } from "@fast-check/vitest";
import { type Tensor, fromData, key, slice, tensor, zeros } from "@ganglion/tensor";
import { describe, expect } from "vitest";
import { type Rule, nca, residual, ring, strip } from "../src/index.ts";
import { copy, linear, mask, mixture, random, stepByHand } from "./helpers.ts";

const worlds = fc.record({
  lattice: fc.integer({ min: 1, max: 6 }).chain((cells) => fc.constantFrom(strip(cells), ring(cells))),
  batch: fc.integer({ min: 1, max: 3 }),
  channels: fc.integer({ min: 1, max: 4 }),
  seed: fc.nat(9999),
});
const someMask = (length: number, seed: number): Uint8Array =>
  Uint8Array.from(random(seed, [length]).data, (value) => (value > 0 ? 1 : 0));

describe("step", () => {
  test.prop([worlds, fc.boolean()])(
    "is the rule on each fired cell's neighbourhood, by plain loops",
    ({ lattice, batch, channels, seed }, withInputs) => {
      const model = nca({ lattice, channels, rule: linear(channels) });
      const params = model.init(key(seed));
      const state = random(seed + 1, [batch, lattice.cells, channels]);
      const inputs = withInputs ? random(seed + 2, state.shape) : undefined;
      const fired = someMask(batch * lattice.cells, seed + 3);
      const next = model.step(params, state, { fired, ...(inputs && { inputs }) });
      const expected = stepByHand(lattice, params, state, fired, inputs);
      for (const [i, value] of next.state.data.entries()) expect(value).toBeCloseTo(expected[i]!, 12);
      expect([...next.rows.data]).toEqual([...fired].flatMap((one, row) => (one ? [row] : [])));
    },
  );

  test.prop([worlds, fc.integer({ min: 0, max: 5 })])(
    "commutes with turning a ring",
    ({ lattice, batch, channels, seed }, by) => {
      const model = nca({ lattice: ring(lattice.cells), channels, rule: linear(channels) });
      const params = model.init(key(seed));
      const state = random(seed + 1, [batch, lattice.cells, channels]);
      const fired = someMask(batch * lattice.cells, seed + 2);
      const before = turned(model.step(params, state, { fired }).state, by);
      const turnedMask = turned(fromData(fired, [batch, lattice.cells, 1]), by).data as Uint8Array;
      const after = model.step(params, turned(state, by), { fired: turnedMask }).state;
      expect(after.toArray()).toEqual(before.toArray());
    },
  );

  test("leaves cells alone that do not fire, bit for bit", () => {
    const model = nca({ lattice: strip(3), channels: 2, rule: linear(2) });
    const state = random(1, [1, 3, 2]);
    const next = model.step(model.init(key(0)), state, { fired: mask(0, 1, 0) }).state;
    expect([...next.data.subarray(0, 2), ...next.data.subarray(4)]).toEqual([
      ...state.data.subarray(0, 2),
      ...state.data.subarray(4),
    ]);
    expect([...next.data.subarray(2, 4)]).not.toEqual([...state.data.subarray(2, 4)]);
  });

  test("returns the state itself when nothing fires, without asking the rule", () => {
    const rule: Rule<[]> = {
      init: () => [],
      apply: () => {
        throw new Error("asked");
      },
    };
    const state = random(1, [2, 2, 1]);
    const next = nca({ lattice: strip(2), channels: 1, rule }).step([], state, { fired: mask(0, 0, 0, 0) });
    expect(next.state).toBe(state);
    expect([next.rows.shape, next.losses, next.info]).toEqual([[0], {}, {}]);
  });

  test("computes fired cells only", () => {
    const seen: number[] = [];
    const rule: Rule<[]> = {
      init: () => [],
      apply: (_params, perception: Tensor) => {
        seen.push(perception.shape[0]!);
        return copy(1).apply([], perception);
      },
    };
    const model = nca({ lattice: strip(4), channels: 1, rule });
    model.step([], zeros([2, 4, 1]), { fired: mask(0, 1, 0, 0, 1, 1, 0, 0) });
    expect(seen).toEqual([3]);
  });

  test("perceives inputs without storing them", () => {
    const model = nca({ lattice: strip(2), channels: 1, rule: copy(1), update: residual() });
    const [state, inputs] = [tensor([[[1], [2]]]), tensor([[[10], [20]]])];
    const next = model.step([], state, { inputs, fired: mask(1, 0) });
    expect(next.state.toArray()).toEqual([[[1 + 11], [2]]]);
  });

  test("hands on the rule's losses and facts", () => {
    const model = nca({ lattice: strip(4), channels: 2, rule: mixture(2) });
    const { losses, info } = model.step(model.init(key(1)), random(2, [1, 4, 2]), { fired: mask(1, 0, 1, 1) });
    expect(losses["z"]!.shape).toEqual([]);
    expect(info["gates"]!.shape).toEqual([3, 2]);
  });

  test.prop([worlds])("does to a batch what it does to each of its states", ({ lattice, batch, channels, seed }) => {
    const model = nca({ lattice, channels, rule: linear(channels) });
    const params = model.init(key(seed));
    const state = random(seed + 1, [batch, lattice.cells, channels]);
    const fired = someMask(batch * lattice.cells, seed + 2);
    const whole = model.step(params, state, { fired }).state;
    for (let row = 0; row < batch; row++) {
      const part = { fired: fired.slice(row * lattice.cells, (row + 1) * lattice.cells) };
      const one = model.step(params, slice(state, [[row, row + 1]]), part).state;
      expect(one.toArray()).toEqual(slice(whole, [[row, row + 1]]).toArray());
    }
  });
});

describe("step's errors", () => {
  const model = nca({ lattice: strip(3), channels: 2, rule: linear(2) });
  const params = model.init(key(0));
  const state = random(1, [2, 3, 2]);
  const fired = new Uint8Array(6).fill(1);

  test.each<[string, () => unknown, string]>([
    [
      "state",
      () => model.step(params, random(1, [2, 4, 2]), { fired }),
      "step: expected a state [batch, 3, 2], received [2, 4, 2]. Start from zeros of that shape?",
    ],
    [
      "inputs",
      () => model.step(params, state, { fired, inputs: random(1, [3, 2]) }),
      "step: expected inputs [2, 3, 2], received [3, 2]. Give the inputs one row per cell of every state?",
    ],
    [
      "mask",
      () => model.step(params, state, { fired: mask(1, 1, 1) }),
      "step: expected a firing mask of 6 cells, received 3. Ask the schedule for batch 2 and cells 3?",
    ],
    [
      "output",
      () =>
        nca({ lattice: strip(3), channels: 2, rule: { init: () => [], apply: (_p: [], x: Tensor) => x } }).step(
          [],
          state,
          { fired },
        ),
      "step: expected the rule's output as [6, 2], received [6, 6]. Let the rule return one row per perceived row?",
    ],
  ])("name the repair for a wrong %s", (_what, call, message) => {
    expect(call).toThrow(expect.objectContaining({ name: "ShapeError", message }));
  });
});

/** Cells moved to the right around the ring. */
function turned(state: Tensor, by: number): Tensor {
  const [batch, cells, channels] = state.shape as [number, number, number];
  const data = state.data.slice();
  for (let i = 0; i < data.length; i++) {
    const [row, cell, channel] = [Math.floor(i / (cells * channels)), Math.floor(i / channels) % cells, i % channels];
    data[(row * cells + ((cell + by) % cells)) * channels + channel] = state.data[i]!;
  }
  return fromData(data, [batch, cells, channels]);
}
