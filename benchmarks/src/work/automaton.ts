import { exactAnswers, gary, heldOut, load } from "@ganglion/models";
import type { AdderParams, Problems } from "@ganglion/models";
import { key } from "@ganglion/tensor";
import { fileOf } from "./arrays.ts";

/** The published work: sums on eight cells, watched for 24 steps, trained through 20. */
export const AUTOMATON = { cells: 8, steps: 24, batch: 256, unroll: 20 } as const;

/** `gary` as it was trained, or as it starts where a build has no weights. */
export const trained: AdderParams = await load("gary", { precision: "float32" }).then(
  ({ params }) => params,
  () => gary.init(key(1)),
);

/** The sums of a roll-out, or of a step of a training. */
export const sums = (problems: number): Problems => heldOut(5, problems);

/** What a peer needs for `sums` of so many problems under `masks`. */
export function automatonFile(problems: Problems, masks: readonly Uint8Array[]): string {
  const { digits, positions, rule, readOut } = trained;
  const named = {
    table: digits[0]!,
    positions: positions[0]!,
    router: rule.router.weight,
    routerBias: rule.router.bias,
    ...rule.experts,
    readOut: readOut.weight,
    readOutBias: readOut.bias,
    a: problems.a,
    b: problems.b,
    answers: exactAnswers(problems),
    inputs: gary.embed(trained, problems),
  };
  const shaped = Object.entries(named).map(([name, { data, shape }]) => [name, { data: data as Float32Array, shape }]);
  const fired = new Uint8Array(masks.flatMap((mask) => [...mask]));
  return fileOf({
    ...Object.fromEntries(shaped),
    balance: { data: Float32Array.of(gary.config.balance), shape: [1] },
    masks: { data: fired, shape: [masks.length, fired.length / masks.length] },
  });
}
