import { forward, special, vShape } from "@ganglion/adders";
import type { LayerWeights, Residual, TransformerAdder } from "@ganglion/adders";
import { log } from "@ganglion/kernels";
import { fromData } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { matrix } from "../matrix.ts";

/** Which member of the family: numbers in the weights, and what the last perceptron adds to. */
export interface RemainderConfig {
  readonly name: string;
  /** Digits of an operand. */
  readonly digits: number;
  /** Key of start, plus and equals signs: their scores before the distance counts. */
  readonly specialKey: number;
  /** Key of digits. */
  readonly digitKey: number;
  /** Value of the start token and of the plus. */
  readonly value: number;
  /** Value of the equals sign: minus so many times the other value. */
  readonly equalsFactor: number;
  /** From a digit times its place value into the remainder. */
  readonly digitScale: number;
  /** From candidate c and the scale of the place: `slope * c + offset`. */
  readonly candidate: { readonly slope: number; readonly offset: number };
  /** Weight and offset with which the remainder is read. */
  readonly remainder: { readonly weight: number; readonly offset: number };
  readonly vShape: { readonly rise: number; readonly fall: number };
  readonly lastResidual: Residual;
  readonly claimed: number;
  /** Parameters that are counted, and constants that are not. */
  readonly params: readonly number[];
  readonly constants: readonly number[];
}

/** Features: flags of the equals sign and of special tokens, the digit, place value, scale, ten candidates, the remainder. */
const at = { equals: 0, special: 1, digit: 2, place: 3, scale: 4, candidates: 5, remainder: 15 } as const;
const FEATURES = 16;

/**
 * Builds an adder that keeps the remainder: what is left of the sum when the digits that were emitted are taken away, most
 * significant digit first. The digit is the candidate whose half-way mark is nearest.
 */
export function remainderAdder(config: RemainderConfig): TransformerAdder {
  const tokeniser = forward(config.digits);
  const layers = [placeValues(config), remainders(config)];
  return {
    name: config.name,
    tokeniser,
    plan: {
      vocabulary: 13,
      features: FEATURES,
      length: tokeniser.prompt + tokeniser.answer,
      layers: [
        {
          attention: {
            heads: 2,
            groups: 2,
            weighting: "softmax1",
            scale: 1,
            slopes: [log(10), 0],
            residual: "all",
          },
          mlp: { activation: "relu", residual: "all" },
        },
        {
          attention: { heads: 1, groups: 1, weighting: "softmax1", scale: 1, residual: "all" },
          mlp: { activation: "relu", residual: config.lastResidual },
        },
      ],
    },
    weights: { embedding: embedding(), layers },
    ledger: {
      claimed: config.claimed,
      params: fromData(Float64Array.from(config.params), [config.params.length]),
      constants: config.constants,
    },
  };
}

function embedding(): Tensor {
  return matrix(13, FEATURES, (set) => {
    for (let digit = 0; digit < 10; digit++) set(digit, at.digit, digit);
    set(special.start, at.special, 1);
    set(special.equals, at.special, 1);
    set(special.equals, at.equals, 1);
  });
}

/** Layer 0: the place value of every token, 1 / (position + 2), and their products with digits and candidates. */
function placeValues(config: RemainderConfig): LayerWeights {
  const { specialKey, digitKey, value, equalsFactor, digitScale, candidate } = config;
  return {
    query: matrix(FEATURES, 2, () => undefined),
    queryBias: vector([1, 0]),
    key: matrix(FEATURES, 2, (set) => set(at.special, 0, specialKey - digitKey)),
    keyBias: vector([digitKey, 0]),
    value: matrix(FEATURES, 2, (set) => {
      set(at.special, 0, value);
      set(at.equals, 0, -(equalsFactor + 1) * value);
      set(at.equals, 1, 1);
    }),
    output: matrix(2, FEATURES, (set) => {
      set(0, at.place, 1);
      set(1, at.scale, 1);
    }),
    mlp: {
      gate: matrix(FEATURES, 11, (set) => {
        set(at.digit, 0, 1);
        for (let c = 0; c < 10; c++) set(at.scale, 1 + c, 1);
      }),
      up: matrix(FEATURES, 11, (set) => {
        for (let unit = 0; unit < 11; unit++) set(at.place, unit, 1);
      }),
      down: matrix(11, FEATURES, (set) => {
        set(0, at.remainder, digitScale);
        for (let c = 0; c < 10; c++) set(1 + c, at.candidates + c, candidate.slope * c + candidate.offset);
      }),
    },
  };
}

/** Layer 1: the mean over all tokens so far is the remainder, and the nearest candidate wins. */
function remainders({ remainder: { weight, offset }, vShape: slopes }: RemainderConfig): LayerWeights {
  return {
    query: matrix(FEATURES, 1, () => undefined),
    key: matrix(FEATURES, 1, () => undefined),
    value: matrix(FEATURES, 1, (set) => set(at.remainder, 0, weight)),
    valueBias: vector([offset]),
    output: matrix(1, FEATURES, (set) => {
      for (let feature = 0; feature < FEATURES; feature++) set(0, feature, 1);
    }),
    mlp: vShape(slopes, { features: FEATURES, from: at.candidates, outputs: 10 }),
  };
}

const vector = (values: readonly number[]): Tensor => fromData(Float64Array.from(values), [values.length]);
