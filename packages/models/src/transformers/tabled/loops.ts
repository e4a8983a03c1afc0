import { exp, log, tanh } from "@ganglion/kernels";
import { GELU_TANH } from "@ganglion/adders";
import { ConfigError } from "@ganglion/tensor";
import { DIGITS } from "./tables.ts";
import type { Tables } from "./tables.ts";

/** Numbers of each table, or what the loss changes by with each of them. */
export type TableData = { readonly [Name in keyof Tables]: Float64Array };

/** Sizes of a model, and the function between the layers of its perceptron. */
export interface TabledShape {
  /** Tokens that the model is given. */
  readonly prompt: number;
  /** Digits of the answer. */
  readonly answer: number;
  readonly features: number;
  readonly hidden: number;
  readonly vocabulary: number;
  readonly activation: "geluTanh" | "silu";
  readonly gated: boolean;
  /** Added to the mean squares of both norms. */
  readonly epsilon: number;
}

/** Features that there is room for. */
const WIDE = 4;

/** What became of some examples. */
export interface Tally {
  /** Mean cross-entropy of the answer's digits. */
  readonly loss: number;
  /** Share of sums of which every digit was right, each predicted from the true ones before it. */
  readonly right: number;
}

/** Loss and gradient of a model of one layer, by its tables. */
export interface TabledLoops {
  /**
   * @param digits `[n, prompt + answer]`: digits of the operands at their places, then those of the answer
   * @param gradient is added to; nothing leaves the gradient out
   */
  run(tables: TableData, digits: Uint8Array, gradient?: TableData): Tally;
}

/** Allocates the working memory of the loops for a model. */
export function tabledLoops(shape: TabledShape): TabledLoops {
  const { prompt, answer, features, hidden, vocabulary, activation, gated, epsilon } = shape;
  const width = prompt + answer;
  const columns = DIGITS * (width - 1);
  if (features > WIDE) throw new ConfigError("train", `expected at most ${WIDE} features, received ${features}`);
  const powers = new Float64Array(DIGITS * answer * columns);
  const dPowers = new Float64Array(DIGITS * answer * columns);
  const values = new Float64Array(WIDE * columns);
  const dValues = new Float64Array(WIDE * columns);
  /** Row of the values for each place of an example. */
  const looks = new Int32Array(width - 1);
  const curve = activation === "silu" ? silu : gelu;
  const [seen, x, n1, n2, dn, dx] = Array.from({ length: 6 }, () => vector(WIDE)) as Six;
  const [raised, gates, units, slopes] = Array.from({ length: 4 }, () => vector(hidden)) as Six;
  const logits = vector(vocabulary);
  const bent = { value: 0, slope: 0 };

  /** One answer digit forward; returns the sum of the attention's powers. */
  function forward({ states, up, gate, down, head }: TableData, digits: Uint8Array, at: number, step: number): number {
    const last = prompt - 1 + step;
    const own = DIGITS * step + digits[at + last]!;
    const row = own * columns;
    let [total, s0, s1, s2, s3] = [0, 0, 0, 0, 0];
    for (let place = 0; place <= last; place++) {
      const column = looks[place]!;
      const power = powers[row + column]!;
      total += power;
      s0 += power * values[WIDE * column]!;
      s1 += power * values[WIDE * column + 1]!;
      s2 += power * values[WIDE * column + 2]!;
      s3 += power * values[WIDE * column + 3]!;
    }
    seen[0] = s0;
    seen[1] = s1;
    seen[2] = s2;
    seen[3] = s3;
    let square = 0;
    for (let f = 0; f < features; f++) {
      seen[f]! /= total;
      x[f] = states[features * own + f]! + seen[f]!;
      square += x[f]! * x[f]!;
    }
    const r1 = 1 / Math.sqrt(square / features + epsilon);
    for (let f = 0; f < features; f++) n1[f] = x[f]! * r1;
    for (let h = 0; h < hidden; h++) {
      let [u, g] = [0, 0];
      for (let f = 0; f < features; f++) {
        u += n1[f]! * up[hidden * f + h]!;
        if (gated) g += n1[f]! * gate![hidden * f + h]!;
      }
      curve(gated ? g : u, bent);
      raised[h] = u;
      gates[h] = bent.value;
      slopes[h] = bent.slope;
      units[h] = gated ? bent.value * u : bent.value;
    }
    square = 0;
    for (let f = 0; f < features; f++) {
      let sum = x[f]!;
      for (let h = 0; h < hidden; h++) sum += units[h]! * down[features * h + f]!;
      n2[f] = sum;
      square += sum * sum;
    }
    const r2 = 1 / Math.sqrt(square / features + epsilon);
    for (let f = 0; f < features; f++) n2[f]! *= r2;
    for (let c = 0; c < vocabulary; c++) {
      let logit = 0;
      for (let f = 0; f < features; f++) logit += n2[f]! * head[vocabulary * f + c]!;
      logits[c] = logit;
    }
    roots[0] = r1;
    roots[1] = r2;
    return total;
  }
  const roots = vector(2);

  function backward(
    tables: TableData,
    gradient: TableData,
    digits: Uint8Array,
    at: number,
    step: number,
    total: number,
  ): void {
    const { up, gate, down, head } = tables;
    const [r1, r2] = roots as unknown as [number, number];
    const last = prompt - 1 + step;
    const own = DIGITS * step + digits[at + last]!;
    const row = own * columns;
    let dot = 0;
    for (let f = 0; f < features; f++) {
      let d = 0;
      for (let c = 0; c < vocabulary; c++) {
        d += logits[c]! * head[vocabulary * f + c]!;
        gradient.head[vocabulary * f + c]! += logits[c]! * n2[f]!;
      }
      dn[f] = d;
      dot += d * n2[f]!;
    }
    for (let f = 0; f < features; f++) dx[f] = r2 * (dn[f]! - (n2[f]! * dot) / features);
    dn.fill(0);
    for (let h = 0; h < hidden; h++) {
      let d = 0;
      for (let f = 0; f < features; f++) {
        gradient.down[features * h + f]! += units[h]! * dx[f]!;
        d += dx[f]! * down[features * h + f]!;
      }
      const dUp = gated ? d * gates[h]! : d * slopes[h]!;
      const dGate = gated ? d * raised[h]! * slopes[h]! : 0;
      for (let f = 0; f < features; f++) {
        gradient.up[hidden * f + h]! += dUp * n1[f]!;
        dn[f]! += dUp * up[hidden * f + h]!;
        if (gated) {
          gradient.gate![hidden * f + h]! += dGate * n1[f]!;
          dn[f]! += dGate * gate![hidden * f + h]!;
        }
      }
    }
    dot = 0;
    for (let f = 0; f < features; f++) dot += dn[f]! * n1[f]!;
    let through = 0;
    for (let f = 0; f < features; f++) {
      const d = dx[f]! + r1 * (dn[f]! - (n1[f]! * dot) / features);
      gradient.states[features * own + f]! += d;
      dx[f] = d / total;
      through += dx[f]! * seen[f]!;
    }
    const [d0, d1, d2, d3] = dx as unknown as [number, number, number, number];
    for (let place = 0; place <= last; place++) {
      const column = looks[place]!;
      const power = powers[row + column]!;
      const value = WIDE * column;
      dPowers[row + column]! +=
        d0 * values[value]! + d1 * values[value + 1]! + d2 * values[value + 2]! + d3 * values[value + 3]! - through;
      dValues[value]! += power * d0;
      dValues[value + 1]! += power * d1;
      dValues[value + 2]! += power * d2;
      dValues[value + 3]! += power * d3;
    }
  }

  /** Powers of the scores that a step sees, each row over that of its greatest; and rows of values, padded. */
  function prepare(tables: TableData): void {
    for (let own = 0; own < DIGITS * answer; own++) {
      const row = own * columns;
      const end = row + DIGITS * (prompt + Math.floor(own / DIGITS));
      let most = -Infinity;
      for (let at = row; at < end; at++) if (tables.scores[at]! > most) most = tables.scores[at]!;
      for (let at = row; at < end; at++) powers[at] = exp(tables.scores[at]! - most);
    }
    for (let row = 0; row < columns; row++) {
      for (let f = 0; f < features; f++) values[WIDE * row + f] = tables.values[features * row + f]!;
    }
    dPowers.fill(0);
    dValues.fill(0);
  }

  /** Takes what was collected over all examples back to the tables. */
  function finish(gradient: TableData): void {
    for (let at = 0; at < powers.length; at++) gradient.scores[at]! += powers[at]! * dPowers[at]!;
    for (let row = 0; row < columns; row++) {
      for (let f = 0; f < features; f++) gradient.values[features * row + f]! += dValues[WIDE * row + f]!;
    }
  }

  return {
    run(tables, digits, gradient) {
      const n = digits.length / width;
      const scale = 1 / (n * answer);
      let [loss, right] = [0, 0];
      prepare(tables);
      for (let at = 0; at < digits.length; at += width) {
        for (let place = 0; place < width - 1; place++) looks[place] = DIGITS * place + digits[at + place]!;
        let wrong = 0;
        for (let step = 0; step < answer; step++) {
          const total = forward(tables, digits, at, step);
          const target = digits[at + prompt + step]!;
          let most = -Infinity;
          let best = 0;
          for (let c = 0; c < vocabulary; c++) {
            if (logits[c]! > most) {
              most = logits[c]!;
              best = c;
            }
          }
          if (best !== target) wrong++;
          const ahead = logits[target]! - most;
          let sum = 0;
          for (let c = 0; c < vocabulary; c++) sum += logits[c] = exp(logits[c]! - most);
          loss += log(sum) - ahead;
          if (gradient === undefined) continue;
          for (let c = 0; c < vocabulary; c++) logits[c] = (logits[c]! / sum - (c === target ? 1 : 0)) * scale;
          backward(tables, gradient, digits, at, step, total);
        }
        if (wrong === 0) right++;
      }
      if (gradient !== undefined) finish(gradient);
      return { loss: loss * scale, right: right / n };
    },
  };
}

type Six = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

const vector = (length: number): Float64Array => new Float64Array(length);

/** x sigmoid(x), and its derivative. */
function silu(x: number, out: { value: number; slope: number }): void {
  const s = 1 / (1 + exp(-x));
  out.value = x * s;
  out.slope = s * (1 + x * (1 - s));
}

/** The smooth rectifier by its tanh formula, and its derivative. */
function gelu(x: number, out: { value: number; slope: number }): void {
  const { scale, cubic } = GELU_TANH;
  const t = tanh(scale * (x + cubic * x * x * x));
  out.value = 0.5 * x * (1 + t);
  out.slope = 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * scale * (1 + 3 * cubic * x * x);
}
