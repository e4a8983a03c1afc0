import { add, compile, foldIn, key, matmul, normal, slice, split, tanh, tensor, valueAndGrad } from "@ganglion/tensor";
import type { Key, Tensor, Tree } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import {
  adam,
  adamW,
  applyUpdates,
  chain,
  clipByGlobalNorm,
  cosine,
  ema,
  meanSquaredError,
  muon,
  partition,
  sgd,
} from "../src/index.ts";
import type { Optimiser } from "../src/index.ts";
import { hashTree } from "../src/node.ts";

const learningRate = cosine({ peak: 0.1, steps: 12, warmup: 3 });
const optimisers: Readonly<Record<string, Optimiser>> = {
  sgd: sgd({ learningRate, momentum: 0.9 }),
  adam: adam({ learningRate }),
  "clipped adamW": chain(clipByGlobalNorm(0.5), adamW({ learningRate, weightDecay: 0.1 })),
  muon: partition({ matrices: muon({ learningRate }), rest: adam() }, (_, { shape }) =>
    shape.length > 1 ? "matrices" : "rest",
  ),
};
const [forFirst, forSecond, forInputs] = split(key(1), 3) as [Key, Key, Key];
const start = {
  first: normal(forFirst, [5, 7]),
  bias: tensor([0, 0, 0, 0, 0, 0, 0]),
  second: normal(forSecond, [7, 3]),
};
const loss = ({ first, bias, second }: typeof start, x: Tensor): Tensor =>
  meanSquaredError(matmul(tanh(add(matmul(x, first), bias)), second), slice(x, [null, [0, 3]]));

describe.each(Object.entries(optimisers))("%s in a compiled step", (_, optimiser) => {
  const averaging = ema(0.9);
  type State = { params: typeof start; memory: Tree; average: ReturnType<typeof averaging.init> };
  const step = ({ params, memory, average }: State, x: Tensor): State => {
    const { grads } = valueAndGrad(loss)(params, x);
    const { updates, state } = optimiser.update(grads, memory, params);
    const next = applyUpdates(params, updates);
    return { params: next, memory: state, average: averaging.update(average, next) };
  };

  test("gives the bits of the step itself while its schedule goes on", () => {
    const fast = compile(step);
    const begin: State = { params: start, memory: optimiser.init(start), average: averaging.init(start) };
    let [slowly, quickly] = [begin, begin];
    for (let update = 0; update < 12; update++) {
      const x = normal(foldIn(forInputs, update), [4, 5]);
      slowly = step(slowly, x);
      quickly = fast(quickly, x);
      expect(hashTree(quickly)).toBe(hashTree(slowly));
    }
    expect(hashTree(slowly.params)).not.toBe(hashTree(start));
  });
});
