import { carryCounterexamples, evaluator, proveCarries, randomCases, read } from "@ganglion/adders";
import type { CarryCertificate } from "@ganglion/adders";
import {
  cast,
  compile,
  fromData,
  key,
  logSoftmax,
  mapTree,
  mean,
  mul,
  neg,
  oneHot,
  slice,
  sum,
  valueAndGrad,
} from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import { layout } from "../../src/transformers/qr54/layout.ts";
import type { GroupName } from "../../src/transformers/qr54/layout.ts";
import { loops, WIDTH } from "../../src/transformers/qr54/loops.ts";
import { qr54Batch, qr54Loss } from "../../src/transformers/qr54/loss.ts";
import type { Qr54Batch } from "../../src/transformers/qr54/loss.ts";
import { qr54, qr54Params, qr54Plan, qr54Weights } from "../../src/transformers/qr54/model.ts";
import type { Qr54Params } from "../../src/transformers/qr54/model.ts";
import { drawProblems } from "../../src/transformers/qr54/problems.ts";
import { trainQr54 } from "../../src/transformers/qr54/run.ts";
import type { Qr54Progress } from "../../src/transformers/qr54/run.ts";
import { qr54Values } from "../../src/transformers/qr54/values.ts";

const flat = Float64Array.from(qr54Values);
const trained = qr54(qr54Params(flat));

describe("the loops of its training", () => {
  test("have the loss and the gradient of the plain parts", () => {
    const digits = new Uint8Array(12 * WIDTH);
    drawProblems(key(5), 12, { digits: 10, carrying: 0.5 }, digits);
    const rows = Array.from({ length: 12 }, (_, row) => digits.subarray(row * WIDTH, (row + 1) * WIDTH));
    const tokens = fromData(Int32Array.from(rows.flatMap((row) => [...row.subarray(0, 32)])), [12, 32]);
    const targets = oneHot(
      fromData(Int32Array.from(rows.flatMap((row) => [...row.subarray(22)])), [12, 11]),
      10,
      "float64",
    );
    const loss = (params: Qr54Params): Tensor => {
      const logits = slice(read(qr54Plan, qr54Weights(params), tokens).logits, [null, [21, 32]]);
      return neg(mean(sum(mul(logSoftmax(logits), targets), -1)));
    };
    const { value, grads } = valueAndGrad(loss)(qr54Params(flat));
    const gradient = new Float64Array(54);
    const own = loops().gradient(flat, digits, gradient);
    expect(own).toBeCloseTo(value.item(), 12);
    for (const [name, { start }] of Object.entries(layout)) {
      for (const [index, wanted] of grads[name as GroupName].data.entries()) {
        expect(Math.abs(gradient[start + index]! - wanted), `${name} ${index}`).toBeLessThanOrEqual(
          1e-9 * (1 + Math.abs(wanted)),
        );
      }
    }
  });

  test.each([
    ["float64", 1e-9],
    ["float32", 2e-3],
  ] as const)("agree with compiled steps of plain parts in %s", (dtype, tolerance) => {
    const digits = new Uint8Array(64 * WIDTH);
    drawProblems(key(6), 64, { digits: 10, carrying: 0.5 }, digits);
    const step = compile((params: Qr54Params, batch: Qr54Batch) => valueAndGrad(qr54Loss)(params, batch));
    // away from the end of training, where gradients are more than rounding
    const early = flat.map((value, index) => value + 0.05 * Math.sin(index));
    const params = mapTree((leaf) => cast(leaf, dtype), qr54Params(early));
    const { value, grads } = step(params, qr54Batch(digits, dtype));
    const gradient = new Float64Array(54);
    const own = loops().gradient(early, digits, gradient);
    expect(Math.abs(value.item() - own)).toBeLessThanOrEqual(tolerance * (1 + own));
    for (const [name, { start }] of Object.entries(layout)) {
      for (const [index, got] of grads[name as GroupName].data.entries()) {
        const wanted = gradient[start + index]!;
        expect(Math.abs(got - wanted), `${name} ${index}`).toBeLessThanOrEqual(tolerance * (1 + Math.abs(wanted)));
      }
    }
  });

  test("go on exactly where they stopped", () => {
    const take = (steps: Generator<Qr54Progress>): Qr54Progress => steps.next().value as Qr54Progress;
    const whole = trainQr54({ seed: 3, every: 20 });
    take(whole);
    const further = take(whole);
    const again = take(
      trainQr54({
        from: JSON.parse(JSON.stringify(take(trainQr54({ seed: 3, every: 20 })))) as Qr54Progress,
        every: 20,
      }),
    );
    expect(again).toEqual(further);
  });
});

describe("the proof", () => {
  const certificate = proveCarries(trained);

  test("covers 3,440 cells", () => {
    expect(certificate).toMatchObject({ kind: "carries", proved: true, conditions: 3440, failing: 0 });
    expect(certificate.lead).toBeGreaterThan(0);
  });

  test("stands up to a checker that shares nothing with it", () => {
    expectSound(JSON.parse(JSON.stringify(certificate)) as CarryCertificate, flat);
  });

  test.each(["arc", "phase", "write", "up", "head"] as const)(
    "fails when %s is changed, and finds a sum that is wrong",
    (name) => {
      const changed = flat.slice();
      changed[layout[name].start]! *= 1.3;
      const adder = qr54(qr54Params(changed));
      expect(proveCarries(adder).proved).toBe(false);
      const [found] = carryCounterexamples(adder);
      expect(String(evaluator(adder).answers([[Number(found!.a), Number(found!.b)]])[0])).toBe(found!.answer);
      expect(found!.answer).not.toBe(found!.expected);
    },
  );
});

/** Recomputes attention and logits in plain numbers: random sums stay within their cells, and leads hold on a grid. */
function expectSound({ cells }: CarryCertificate, p: Float64Array): void {
  const g = (name: GroupName): number[] =>
    Array.from(p.subarray(layout[name].start, layout[name].start + layout[name].shape.reduce((x, y) => x * y, 1)));
  const [radius, start, step] = g("arc") as [number, number, number];
  const digitAt = (d: number): [number, number] => [
    radius * Math.cos(start + d * step),
    radius * Math.sin(start + d * step),
  ];
  const positions = Array.from({ length: 32 }, (_, j) => {
    const place = j % 11;
    if (j === 21) return g("equals");
    return place === 10
      ? [0, 0, 0]
      : [3.5 * Math.cos((Math.PI * place) / 5), 3.5 * Math.sin((Math.PI * place) / 5), 0.15 * place];
  });
  const norm = (x: number[], w = g("norm")): number[] => {
    const r = Math.sqrt(x.reduce((s, v) => s + v * v, 0) / 5 + 1e-5);
    return x.map((v, i) => (v / r) * w[i]!);
  };
  const state = (j: number, d: number): number[] => [...digitAt(d), ...positions[j]!];
  const keys = positions.map((_, j) => {
    const h = norm(state(j, 0));
    return [0, 1, 2, 3].map((o) => [0, 1, 2].reduce((s, i) => s + g("query")[3 * o + i]! * h[2 + i]!, 0));
  });
  const [c, s] = [Math.cos(g("phase")[0]!), Math.sin(g("phase")[0]!)];
  const head = (unit: number): number[] => g("head").slice(5 * unit, 5 * unit + 5);
  const way = [0, 1].map((unit) => head(unit).reduce((sum, v, i) => sum + v * g("read")[i]!, 0));
  const valueOf = (j: number, d: number): number =>
    norm(state(j, d))
      .slice(0, 2)
      .reduce((sum, v, i) => sum + v * way[i]!, 0);
  const attention = Array.from({ length: 11 }, (_, k) => {
    const own = keys[21 + k]!;
    const q = [
      own[0]! * c - own[1]! * s,
      own[0]! * s + own[1]! * c,
      own[2]! * c - own[3]! * s,
      own[2]! * s + own[3]! * c,
    ];
    const powers = keys.slice(0, 22 + k).map((each) => Math.exp(each.reduce((sum, v, i) => sum + v * q[i]!, 0) / 2));
    const total = powers.reduce((x, y) => x + y, 0);
    return powers.map((power) => power / total);
  });
  const leadOf = (k: number, previous: number, x: number, digit: number): number => {
    const after = state(21 + k, previous).map((v, i) => v + x * g("write")[i]!);
    const n = norm(after);
    const units = [0, 1].map((unit) => {
      const z = n.reduce((sum, v, i) => sum + v * g("up")[5 * unit + i]!, 0);
      return 0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3)));
    });
    const last = norm(after.map((v, i) => v + units[0]! * head(0)[i]! + units[1]! * head(1)[i]!));
    const y = [0, 1].map((unit) => last.reduce((sum, v, i) => sum + v * head(unit)[i]!, 0));
    const logits = Array.from({ length: 10 }, (_, d) => digitAt(d)[0] * y[0]! + digitAt(d)[1] * y[1]!);
    return logits[digit]! - Math.max(...logits.filter((_, d) => d !== digit));
  };
  const byName = new Map(cells.map((cell) => [[cell.step, cell.carry, cell.previous, cell.total].join(), cell]));
  expect(byName.size).toBe(3440);
  for (const { step: k, previous, low, high, digit, lead, carry, total } of cells) {
    expect(digit).toBe((carry + total) % 10);
    for (let part = 0; part <= 8; part++)
      expect(leadOf(k, previous, low + ((high - low) * part) / 8, digit)).toBeGreaterThan(Math.min(lead, 1e-9));
  }
  for (const [a, b] of [...randomCases(300, 8n), [9_999_999_999, 1], [0, 0], [9_999_999_999, 9_999_999_999]] as const) {
    const digits = (value: number, n: number): number[] =>
      Array.from({ length: n }, (_, i) => Math.floor(value / 10 ** i) % 10);
    const [x, y, z] = [digits(a, 10), digits(b, 10), digits(a + b, 11)];
    const tokens = [...x, 0, ...y, 0, ...z];
    let carry = 0;
    for (let k = 0; k <= 10; k++) {
      const total = k === 10 ? 0 : x[k]! + y[k]!;
      const cell = byName.get([k, carry, k === 0 ? 0 : z[k - 1]!, total].join())!;
      const seen = attention[k]!.reduce((sum, weight, j) => sum + weight * valueOf(j, tokens[j]!), 0);
      expect(seen).toBeGreaterThanOrEqual(cell.low - 1e-9);
      expect(seen).toBeLessThanOrEqual(cell.high + 1e-9);
      carry = total + carry >= 10 ? 1 : 0;
    }
  }
}
