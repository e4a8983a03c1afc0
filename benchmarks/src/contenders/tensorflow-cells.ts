import * as tf from "@tensorflow/tfjs";
import { contender } from "../measure/race.ts";
import type { Contender } from "../measure/race.ts";
import { readArrays } from "../work/arrays.ts";
import { CELLS, SHOWN } from "../work/cells.ts";
import { SHOWN as SHOWN_NEURONS } from "../work/synapses.ts";
import { readCells } from "./plain-cells.ts";

const { channels, hidden, scale } = CELLS;

/** One step of the cells in a file of `work/cells.ts`; only those that fire are computed, unless all do. */
export function cells(name: string, path: string): Contender {
  const given = readCells(path);
  const count = given.mask.length;
  const who = Int32Array.from(given.mask.keys()).filter((cell) => given.mask[cell] === 1);
  const some = who.length < count;
  const fired = tf.tensor1d(who, "int32");
  const rows = tf.tensor2d(who, [who.length, 1], "int32");
  const state = tf.tensor2d(given.state, [count, channels]);
  const w1 = tf.tensor2d(given.w1, [3 * channels, hidden]);
  const w2 = tf.tensor2d(given.w2, [hidden, channels]);
  const [b1, b2] = [tf.tensor1d(given.b1), tf.tensor1d(given.b2)];
  const places = (beside: number): tf.Tensor1D => {
    const { near } = given;
    const at = (cell: number): number =>
      near === undefined ? (cell + [count - 1, 1][beside]!) % count : near[2 * cell + beside]!;
    return tf.tensor1d(who.map(at), "int32");
  };
  const [left, right] = [places(0), places(1)];
  const toward = (beside: number, axis: number): tf.Tensor2D =>
    tf.tensor2d(
      Float32Array.from(who, (cell) => given.toward![4 * cell + 2 * beside + axis]!),
      [who.length, 1],
    );
  const axes = given.toward && [0, 1].map((axis) => [toward(0, axis), toward(1, axis)] as const);
  const step = (): tf.Tensor => {
    const here = some ? tf.gather(state, fired) : state;
    const [l, r] = [tf.gather(state, left), tf.gather(state, right)];
    const parts = axes ? [here, ...axes.map(([x, y]) => tf.add(tf.mul(l, x), tf.mul(r, y)))] : [l, here, r];
    const neurons = tf.fused.matMul({ a: tf.concat(parts, 1), b: w1, bias: b1, activation: "relu" });
    const said = tf.fused.matMul({ a: neurons, b: w2, bias: b2 });
    const next = axes ? tf.add(here, tf.mul(said, scale)) : tf.tanh(said);
    return some ? tf.tensorScatterUpdate(state, rows, next) : next;
  };
  return contender(name, () => first(tf.tidy(() => tf.mean(tf.abs(tf.slice(step(), 0, SHOWN))))));
}

/** What the synapses in a file of `work/synapses.ts` bring: every neuron has as many. */
export function spread(name: string, path: string): Contender {
  const { starts, senders, strengths, x } = readArrays(path);
  const neurons = x!.shape[0]!;
  const each = starts!.data[1]!;
  const from = tf.tensor1d(senders!.data as Int32Array, "int32");
  const weights = tf.tensor1d(strengths!.data as Float32Array);
  const activation = tf.tensor1d(x!.data as Float32Array);
  const step = (): tf.Tensor => tf.sum(tf.reshape(tf.mul(tf.gather(activation, from), weights), [neurons, each]), 1);
  return contender(name, () => first(tf.tidy(() => tf.sum(tf.slice(step(), 0, SHOWN_NEURONS)))));
}

function first(x: tf.Tensor): number {
  const [value] = x.dataSync();
  x.dispose();
  return value!;
}
