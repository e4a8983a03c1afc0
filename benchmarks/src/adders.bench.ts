// How many sums do the small transformers do per second, and how long is a training step of the 54-parameter one?
import { decodeOne, edgeCases, evaluator, judge, randomCases } from "@ganglion/adders";
import { drawQr54Problems, loadTransformer, qr54Batch, qr54Loops, qr54Loss, transformerNames } from "@ganglion/models";
import type { Qr54Batch, Qr54Params } from "@ganglion/models";
import { adam, applyUpdates } from "@ganglion/train";
import type { AdamState } from "@ganglion/train";
import { cast, compile, flattenTree, key, mapTree, valueAndGrad } from "@ganglion/tensor";

const ROUNDS = 15;
const [BATCH, WIDTH] = [256, 33];

/** Milliseconds of processor time of one call, best and median: a fair figure on a machine that others use. */
function time(calls: number, work: () => void): string {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    for (let call = 0; call < calls; call++) work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / calls / 1000;
  }).toSorted((a, b) => a - b);
  return `${rounds[0]!.toFixed(3)} ms best, ${rounds[ROUNDS >> 1]!.toFixed(3)} ms median`;
}

const cases = [...edgeCases, ...randomCases()];
const pairs = cases.slice(0, 1000);
const single = pairs.map((pair) => [pair] as const);
for (const name of transformerNames) {
  const asked = evaluator((await loadTransformer(name)).adder());
  const batched = time(5, () => asked.answers(pairs));
  const alone = time(5, () => single.forEach((pair) => asked.answers(pair)));
  const generic = time(1, () => pairs.slice(0, 20).forEach(([a, b]) => decodeOne(asked.adder, a, b)));
  const all = time(1, () => judge(name, cases, asked.answers(cases)));
  process.stdout.write(
    `${name}: 1,000 sums at once ${batched}; one by one ${alone}; 20 by generic decoding ${generic}; the 10,010 cases ${all}\n`,
  );
}

const digits = new Uint8Array(BATCH * WIDTH);
drawQr54Problems(key(5), BATCH, { digits: 10, carrying: 0.3 }, digits);
const { params } = (await loadTransformer("qr54")).adder().ledger;
const trained = params as Qr54Params;
const flat = new Float64Array(54);
for (const [index, value] of flattenTree(trained)
  .leaves.flatMap(({ data }) => Array.from(data))
  .entries())
  flat[index] = value;
const [loops, gradient] = [qr54Loops(), new Float64Array(54)];
const step = compile((p: Qr54Params, d: Qr54Batch) => valueAndGrad(qr54Loss)(p, d));
for (const dtype of ["float32", "float64"] as const) {
  const inDtype = mapTree((leaf) => cast(leaf, dtype), trained);
  const batch = qr54Batch(digits, dtype);
  process.stdout.write(
    `qr54, gradient of ${BATCH} sums, compiled parts in ${dtype}: ${time(20, () => step(inDtype, batch))}\n`,
  );
}
const optimiser = adam({ learningRate: 0.001 });
const whole = compile((p: Qr54Params, state: AdamState, d: Qr54Batch) => {
  const { grads } = valueAndGrad(qr54Loss)(p, d);
  const change = optimiser.update(grads, state, p);
  return { params: applyUpdates(p, change.updates), state: change.state };
});
const begun = mapTree((leaf) => cast(leaf, "float32"), trained);
let stands: { readonly params: Qr54Params; readonly state: AdamState } = {
  params: begun,
  state: optimiser.init(begun),
};
const trainOnce = (): void => {
  stands = whole(stands.params, stands.state, qr54Batch(digits));
};
process.stdout.write(
  `qr54, a training step of ${BATCH} sums, examples taken apart, gradient and Adam: ${time(20, trainOnce)}\n`,
);
process.stdout.write(
  `qr54, gradient of ${BATCH} sums, loops by hand in float64: ${time(20, () => loops.gradient(flat, digits, gradient))}\n`,
);
