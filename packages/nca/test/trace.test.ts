import { key, tensor, zeros } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import { nca, ring, sequential, strip, trace } from "../src/index.ts";
import { copy, mixture, random } from "./helpers.ts";

describe("trace", () => {
  const model = nca({ lattice: ring(4), channels: 2, rule: mixture(2) });
  const params = model.init(key(1));
  const state = random(2, [3, 4, 2]);

  test("has the states of the roll-out and the masks of its schedule", () => {
    const options = { steps: 5, key: key(3), start: 2, inputs: random(4, [3, 4, 2]) };
    const frames = trace(model, params, state, options);
    const { states } = model.rollout(params, state, { ...options, keep: true });
    expect(frames.map((frame) => frame.step)).toEqual([2, 3, 4, 5, 6]);
    expect(frames.map((frame) => frame.state.toArray())).toEqual(states.map((one) => one.toArray()));
    for (const { step, fired } of frames) {
      expect(fired).toEqual(model.schedule.fired({ step, batch: 3, cells: 4, key: key(3) }));
    }
  });

  test("puts the rule's facts at their cells and -1 elsewhere", () => {
    const facts = {
      init: () => [] as [],
      apply: (params_: [], perception: ReturnType<typeof zeros>) => ({
        output: copy(1).apply(params_, perception) as typeof perception,
        info: {
          expert: tensor(
            Array.from({ length: perception.shape[0]! }, (_, row) => row + 5),
            "int32",
          ),
          pair: perception,
        },
      }),
    };
    const line = nca({ lattice: strip(3), channels: 1, rule: facts, schedule: sequential() });
    const frames = trace(
      line,
      [],
      tensor([
        [[0.5], [0], [0]],
        [[1], [0], [0]],
      ]),
      { steps: 2, key: key(0) },
    );
    expect(frames[0]!.info["expert"]!.toArray()).toEqual([
      [5, -1, -1],
      [6, -1, -1],
    ]);
    expect(frames[1]!.info["expert"]!.toArray()).toEqual([
      [-1, 5, -1],
      [-1, 6, -1],
    ]);
    expect(frames[0]!.info["pair"]!.toArray()).toEqual([
      [
        [0, 0.5, 0],
        [-1, -1, -1],
        [-1, -1, -1],
      ],
      [
        [0, 1, 0],
        [-1, -1, -1],
        [-1, -1, -1],
      ],
    ]);
    expect(frames[0]!.info["expert"]!.dtype).toBe("int32");
  });

  test("has empty facts where nothing fired", () => {
    const still = nca({ lattice: ring(4), channels: 2, rule: mixture(2), fireRate: 0 });
    expect(trace(still, params, state, { steps: 1, key: key(0) })).toEqual([
      { step: 0, state, fired: new Uint8Array(12), info: {} },
    ]);
  });

  test("refuses a state that does not fit", () => {
    expect(() => trace(model, params, zeros([1, 5, 2]), { steps: 1, key: key(0) })).toThrow(
      "trace: expected a state [batch, 4, 2], received [1, 5, 2]. Start from zeros of that shape?",
    );
  });
});
