// What a short training for integers is worth: held-out sums that a model gets right in integers, before and after.
//
//   node --conditions=@ganglion/source packages/models/scripts/fine-tune.ts gary,ripple 7,3 [updates]
import { bernoulli } from "@ganglion/nca";
import { foldIn, key } from "@ganglion/tensor";
import {
  changeRecipe,
  decodeWeights,
  define,
  encodeWeights,
  heldOut,
  load,
  measure,
  quantisedRecipe,
  trainer,
} from "../src/index.ts";
import type { Adder, AdderParams } from "../src/index.ts";

const [names = "gary,ripple", allLevels = "127,7,3", updates] = process.argv.slice(2);
const problems = heldOut(77, 10_000);

console.log(
  "| model | largest code | bits | before: 24 steps | 200 steps | after: 24 steps | 200 steps | CPU-seconds |",
);
console.log("| --- | --: | --: | --: | --: | --: | --: | --: |");
for (const name of names.split(",")) {
  for (const levels of allLevels.split(",").map(Number)) {
    const { adder, recipe } = await define(name);
    const { params } = await load(name, { precision: "float32" });
    const before = [24, 200].map((steps) => accuracy(adder, params, levels, steps));
    const changes = updates === undefined ? [] : [`updates=${updates}`];
    const training = trainer(changeRecipe(quantisedRecipe(recipe, levels), changes), adder, { start: params });
    const { user, system } = process.cpuUsage();
    let state = training.init(key(1));
    for (let step = 0; step < training.updates; step++) {
      state = training.step(state, { step, key: foldIn(key(2), step) }).state;
    }
    const spent = process.cpuUsage({ user, system });
    const after = [24, 200].map((steps) => accuracy(adder, training.weights(state), levels, steps));
    const seconds = ((spent.user + spent.system) / 1e6).toFixed(0);
    const bits = Math.ceil(Math.log2(2 * levels + 1));
    console.log(`| ${[name, levels, bits, ...before, ...after, seconds].join(" | ")} |`);
  }
}

/** Share of the sums that integer roll-outs get right. */
function accuracy(adder: Adder, trained: AdderParams, levels: number, steps: number): string {
  const params = decodeWeights(adder, encodeWeights(adder, trained, { precision: "int8", levels }));
  const { right } = measure({ adder, params, arithmetic: "int8", levels }, problems, {
    steps,
    schedule: bernoulli(0.5),
    key: key(3),
  }).last;
  return `${((100 * right.reduce((sum, one) => sum + one, 0)) / right.length).toFixed(2)} %`;
}
