import { backward, parabola, periodic } from "@ganglion/adders";
import type { TransformerAdder } from "@ganglion/adders";
import { cos, log, sin } from "@ganglion/kernels";
import { fromData, tensor, transpose } from "@ganglion/tensor";
import { matrix } from "../matrix.ts";

/** Positions after which attention comes round: both operands' digits of a place lie on the same angle. */
const PERIOD = 19;
const OMEGA = (2 * Math.PI) / PERIOD;
/** Where attention looks: between the digits of this place, 10 behind, and of the place before, 11 behind. */
const BEHIND = 10.3;
/** Makes the nearer digits weigh ten times as much as the farther. */
const AMPLITUDE = log(10) / (cos(0.3 * OMEGA) - cos(0.7 * OMEGA));
/** Height and bend of the parabola on which the digits stand. */
const [HEIGHT, BEND] = [1000, 0.001];
/** Sum of the weights 10, 10, 1 and 1. */
const SHARES = 22;
/** The gates of the two units, which open at a sum of 94 and of 95. */
const [GATE, SLOPE] = [-12_032, 128_000];
const STEP = 0.390625;
const EPSILON = 1e-6;

/** Ten numbers, written by hand: attention adds up two columns, and a smooth hinge takes the carry off. */
export const rope10: TransformerAdder = {
  name: "rope10",
  tokeniser: backward({ digits: 10, before: 1, between: 9, after: 1 }),
  plan: {
    vocabulary: 10,
    features: 2,
    length: 42,
    epsilon: EPSILON,
    layers: [
      {
        epsilon: EPSILON,
        attention: {
          heads: 1,
          groups: 1,
          weighting: "softmax",
          scale: AMPLITUDE / 2,
          rope: periodic(PERIOD),
          queryKeyEpsilon: EPSILON,
          residual: "all",
        },
        mlp: { activation: "silu", residual: "all" },
      },
    ],
  },
  weights: {
    embedding: digits(),
    layers: [
      {
        query: matrix(2, 2, (set) => {
          set(0, 0, cos(BEHIND * OMEGA));
          set(0, 1, -sin(BEHIND * OMEGA));
        }),
        key: matrix(2, 2, (set) => set(0, 0, 1)),
        value: matrix(2, 1, (set) => set(1, 0, (-SHARES * HEIGHT) / Math.SQRT2)),
        output: matrix(1, 2, (set) => set(0, 1, 1)),
        mlp: {
          gate: matrix(2, 2, (set) => {
            for (const unit of [0, 1]) {
              set(0, unit, GATE - (unit * SLOPE) / HEIGHT);
              set(1, unit, SLOPE);
            }
          }),
          up: matrix(2, 2, (set) => {
            set(0, 0, -STEP);
            set(0, 1, STEP);
          }),
          down: matrix(2, 2, (set) => {
            set(0, 1, 1);
            set(1, 1, 1);
          }),
        },
      },
    ],
    norm: tensor([50 * Math.SQRT2, -10 * Math.SQRT2], "float64"),
    head: transpose(digits()),
  },
  ledger: {
    claimed: 10,
    params: fromData(
      Float64Array.of(HEIGHT, BEND, BEHIND, AMPLITUDE, SHARES, GATE, SLOPE, STEP, 50 * Math.SQRT2, -10 * Math.SQRT2),
      [10],
    ),
    constants: [PERIOD, EPSILON, 10, 0.3, 0.7],
  },
};

function digits(): ReturnType<typeof parabola> {
  return parabola(tensor([HEIGHT, BEND], "float64"), 10);
}
