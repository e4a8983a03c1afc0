import { cos, exp, log, sin, tanh } from "@ganglion/kernels";
import { ANSWER, EPSILON, EQUALS, GELU, groupOf, PARAMETERS, TOKENS } from "./layout.ts";
import { fixedPositions } from "./positions.ts";

/** Loss and gradient of the 54-parameter adder, derived by hand, because training takes half a million steps. */
export interface Loops {
  /**
   * Adds the gradient of the mean cross-entropy over examples and answer digits.
   *
   * @param digits `[n, 33]` examples: 32 tokens and the last digit of the answer
   * @param gradient receives `[54]`
   * @returns the mean loss
   */
  gradient(params: Float64Array, digits: Uint8Array, gradient: Float64Array): number;
  /** Counts right digits and right sums when each digit is predicted from the true ones before it. */
  count(
    params: Float64Array,
    digits: Uint8Array,
  ): { readonly loss: number; readonly tokens: number; readonly sums: number };
}

/** Digits per example. */
export const WIDTH: number = TOKENS + 1;

/** Allocates the working memory of the loops. */
export function loops(): Loops {
  const position = fixedPositions();
  const embedding = new Float64Array(20);
  const value = new Float64Array(10);
  const size = new Float64Array(TOKENS);
  const normed = new Float64Array(3 * TOKENS);
  const keys = new Float64Array(4 * TOKENS);
  const queries = new Float64Array(4 * ANSWER);
  const attention = new Float64Array(TOKENS * ANSWER);
  const share = new Float64Array(TOKENS * ANSWER);
  const way = new Float64Array(2);
  const dEmbedding = new Float64Array(20);
  const dValue = new Float64Array(10);
  const dShare = new Float64Array(TOKENS * ANSWER);
  const dSize = new Float64Array(TOKENS);
  const dNormed = new Float64Array(3 * TOKENS);
  const dPosition = new Float64Array(3 * TOKENS);
  const dKeys = new Float64Array(4 * TOKENS);
  const carried = new Float64Array(TOKENS);
  const dCarried = new Float64Array(TOKENS);
  const [x, n1, x2, n2, dx, dn] = Array.from({ length: 6 }, () => new Float64Array(5)) as Vectors;
  const logits = new Float64Array(10);

  /** Everything that does not depend on the digits: attention looks at positions only. */
  function prepare(params: Float64Array): void {
    const [radius, start, step] = groupOf(params, "arc") as unknown as [number, number, number];
    const query = groupOf(params, "query");
    const norm = groupOf(params, "norm");
    const head = groupOf(params, "head");
    const read = groupOf(params, "read");
    position.set(groupOf(params, "equals"), 3 * EQUALS);
    for (let digit = 0; digit < 10; digit++) {
      embedding[2 * digit] = radius * cos(start + digit * step);
      embedding[2 * digit + 1] = radius * sin(start + digit * step);
    }
    for (let j = 0; j < TOKENS; j++) {
      let square = radius * radius;
      for (let i = 0; i < 3; i++) square += position[3 * j + i]! ** 2;
      size[j] = Math.sqrt(square / 5 + EPSILON);
      for (let i = 0; i < 3; i++) normed[3 * j + i] = (position[3 * j + i]! / size[j]!) * norm[2 + i]!;
      for (let o = 0; o < 4; o++) {
        keys[4 * j + o] =
          query[3 * o]! * normed[3 * j]! +
          query[3 * o + 1]! * normed[3 * j + 1]! +
          query[3 * o + 2]! * normed[3 * j + 2]!;
      }
    }
    const phase = groupOf(params, "phase")[0]!;
    const c = cos(phase);
    const s = sin(phase);
    for (let k = 0; k < ANSWER; k++) {
      for (let pair = 0; pair < 4; pair += 2) {
        const a = keys[4 * (EQUALS + k) + pair]!;
        const b = keys[4 * (EQUALS + k) + pair + 1]!;
        queries[4 * k + pair] = a * c - b * s;
        queries[4 * k + pair + 1] = a * s + b * c;
      }
      const base = TOKENS * k;
      let most = -Infinity;
      for (let j = 0; j <= EQUALS + k; j++) {
        let score = 0;
        for (let o = 0; o < 4; o++) score += queries[4 * k + o]! * keys[4 * j + o]!;
        attention[base + j] = score / 2;
        if (score / 2 > most) most = score / 2;
      }
      let total = 0;
      for (let j = 0; j <= EQUALS + k; j++) total += attention[base + j] = exp(attention[base + j]! - most);
      for (let j = 0; j <= EQUALS + k; j++) {
        attention[base + j]! /= total;
        share[base + j] = attention[base + j]! / size[j]!;
      }
    }
    for (let i = 0; i < 2; i++) {
      way[i] = 0;
      for (let o = 0; o < 5; o++) way[i]! += head[5 * i + o]! * read[o]!;
    }
    for (let digit = 0; digit < 10; digit++) {
      value[digit] = embedding[2 * digit]! * norm[0]! * way[0]! + embedding[2 * digit + 1]! * norm[1]! * way[1]!;
    }
  }

  /** One example forward and, with a gradient, backward; returns the summed loss. */
  function example(
    params: Float64Array,
    digits: Uint8Array,
    at: number,
    scale: number,
    gradient: Float64Array | undefined,
    tally: { tokens: number; sums: number },
  ): number {
    const write = groupOf(params, "write");
    const up = groupOf(params, "up");
    const head = groupOf(params, "head");
    const norm = groupOf(params, "norm");
    const [gWrite, gUp, gHead, gNorm, gEquals] = gradient === undefined ? [] : gradientGroups(gradient);
    let loss = 0;
    let right = 0;
    for (let j = 0; j < TOKENS; j++) carried[j] = value[digits[at + j]!]!;
    dCarried.fill(0);
    for (let k = 0; k < ANSWER; k++) {
      const seen = EQUALS + 1 + k;
      const base = TOKENS * k;
      let s = 0;
      for (let j = 0; j < seen; j++) s += share[base + j]! * carried[j]!;
      const digit = digits[at + EQUALS + k]!;
      x[0] = embedding[2 * digit]! + s * write[0]!;
      x[1] = embedding[2 * digit + 1]! + s * write[1]!;
      let square = x[0] * x[0] + x[1] * x[1];
      for (let i = 2; i < 5; i++) {
        const sum = position[3 * (EQUALS + k) + i - 2]! + s * write[i]!;
        x[i] = sum;
        square += sum * sum;
      }
      const r1 = 1 / Math.sqrt(square / 5 + EPSILON);
      let g0 = 0;
      let g1 = 0;
      for (let i = 0; i < 5; i++) {
        n1[i] = x[i]! * r1;
        const z = n1[i]! * norm[i]!;
        g0 += up[i]! * z;
        g1 += up[5 + i]! * z;
      }
      const t0 = tanh(GELU.scale * (g0 + GELU.cubic * g0 * g0 * g0));
      const t1 = tanh(GELU.scale * (g1 + GELU.cubic * g1 * g1 * g1));
      const a0 = 0.5 * g0 * (1 + t0);
      const a1 = 0.5 * g1 * (1 + t1);
      square = 0;
      for (let i = 0; i < 5; i++) {
        const sum = x[i]! + a0 * head[i]! + a1 * head[5 + i]!;
        x2[i] = sum;
        square += sum * sum;
      }
      const r2 = 1 / Math.sqrt(square / 5 + EPSILON);
      let y0 = 0;
      let y1 = 0;
      for (let i = 0; i < 5; i++) {
        n2[i] = x2[i]! * r2;
        const z = n2[i]! * norm[i]!;
        y0 += head[i]! * z;
        y1 += head[5 + i]! * z;
      }
      let most = -Infinity;
      let best = 0;
      for (let c = 0; c < 10; c++) {
        const logit = embedding[2 * c]! * y0 + embedding[2 * c + 1]! * y1;
        logits[c] = logit;
        if (logit > most) {
          most = logit;
          best = c;
        }
      }
      const target = digits[at + seen]!;
      if (best === target) right++;
      const own = logits[target]! - most;
      let total = 0;
      for (let c = 0; c < 10; c++) total += logits[c] = exp(logits[c]! - most);
      loss += log(total) - own;
      if (
        gWrite === undefined ||
        gUp === undefined ||
        gHead === undefined ||
        gNorm === undefined ||
        gEquals === undefined
      )
        continue;
      let dy0 = 0;
      let dy1 = 0;
      for (let c = 0; c < 10; c++) {
        const error = (logits[c]! / total - (c === target ? 1 : 0)) * scale;
        dy0 += error * embedding[2 * c]!;
        dy1 += error * embedding[2 * c + 1]!;
        dEmbedding[2 * c]! += error * y0;
        dEmbedding[2 * c + 1]! += error * y1;
      }
      let dot = 0;
      for (let i = 0; i < 5; i++) {
        const z = n2[i]! * norm[i]!;
        gHead[i]! += dy0 * z;
        gHead[5 + i]! += dy1 * z;
        const dz = dy0 * head[i]! + dy1 * head[5 + i]!;
        gNorm[i]! += dz * n2[i]!;
        dn[i] = dz * norm[i]!;
        dot += dn[i]! * n2[i]!;
      }
      dot /= 5;
      let da0 = 0;
      let da1 = 0;
      for (let i = 0; i < 5; i++) {
        const d = r2 * (dn[i]! - n2[i]! * dot);
        dx[i] = d;
        gHead[i]! += a0 * d;
        gHead[5 + i]! += a1 * d;
        da0 += d * head[i]!;
        da1 += d * head[5 + i]!;
      }
      const dg0 = da0 * slope(g0, t0);
      const dg1 = da1 * slope(g1, t1);
      dot = 0;
      for (let i = 0; i < 5; i++) {
        const z = n1[i]! * norm[i]!;
        gUp[i]! += dg0 * z;
        gUp[5 + i]! += dg1 * z;
        const dz = dg0 * up[i]! + dg1 * up[5 + i]!;
        gNorm[i]! += dz * n1[i]!;
        dn[i] = dz * norm[i]!;
        dot += dn[i]! * n1[i]!;
      }
      dot /= 5;
      let ds = 0;
      for (let i = 0; i < 5; i++) {
        const d = dx[i]! + r1 * (dn[i]! - n1[i]! * dot);
        dx[i] = d;
        gWrite[i]! += d * s;
        ds += d * write[i]!;
      }
      dEmbedding[2 * digit]! += dx[0]!;
      dEmbedding[2 * digit + 1]! += dx[1]!;
      if (k === 0) for (let i = 0; i < 3; i++) gEquals[i]! += dx[2 + i]!;
      for (let j = 0; j < seen; j++) {
        dShare[base + j]! += ds * carried[j]!;
        dCarried[j]! += ds * share[base + j]!;
      }
    }
    if (gradient !== undefined) for (let j = 0; j < TOKENS; j++) dValue[digits[at + j]!]! += dCarried[j]!;
    tally.tokens += right;
    if (right === ANSWER) tally.sums++;
    return loss;
  }

  /** Takes the cotangents that were collected over all examples back to the parameters. */
  function finish(params: Float64Array, gradient: Float64Array): void {
    const query = groupOf(params, "query");
    const norm = groupOf(params, "norm");
    const gQuery = groupOf(gradient, "query");
    const gNorm = groupOf(gradient, "norm");
    const phase = groupOf(params, "phase")[0]!;
    const c = cos(phase);
    const s = sin(phase);
    dSize.fill(0);
    dKeys.fill(0);
    dNormed.fill(0);
    dPosition.fill(0);
    for (let k = 0; k < ANSWER; k++) {
      const seen = EQUALS + 1 + k;
      const base = TOKENS * k;
      let sum = 0;
      for (let j = 0; j < seen; j++) {
        const d = dShare[base + j]! / size[j]!;
        dSize[j]! -= (dShare[base + j]! * share[base + j]!) / size[j]!;
        dShare[base + j] = d;
        sum += d * attention[base + j]!;
      }
      for (let pair = 0; pair < 4; pair += 2) {
        let d0 = 0;
        let d1 = 0;
        for (let j = 0; j < seen; j++) {
          const d = (attention[base + j]! * (dShare[base + j]! - sum)) / 2;
          d0 += d * keys[4 * j + pair]!;
          d1 += d * keys[4 * j + pair + 1]!;
          dKeys[4 * j + pair]! += d * queries[4 * k + pair]!;
          dKeys[4 * j + pair + 1]! += d * queries[4 * k + pair + 1]!;
        }
        const at = 4 * (EQUALS + k) + pair;
        const a = keys[at]!;
        const b = keys[at + 1]!;
        dKeys[at]! += d0 * c + d1 * s;
        dKeys[at + 1]! += d1 * c - d0 * s;
        groupOf(gradient, "phase")[0]! += d0 * (-a * s - b * c) + d1 * (a * c - b * s);
      }
    }
    const [radius] = params as unknown as [number];
    for (let j = 0; j < TOKENS; j++) {
      for (let o = 0; o < 4; o++) {
        for (let i = 0; i < 3; i++) {
          gQuery[3 * o + i]! += dKeys[4 * j + o]! * normed[3 * j + i]!;
          dNormed[3 * j + i]! += dKeys[4 * j + o]! * query[3 * o + i]!;
        }
      }
      for (let i = 0; i < 3; i++) {
        const d = dNormed[3 * j + i]!;
        gNorm[2 + i]! += (d * position[3 * j + i]!) / size[j]!;
        dPosition[3 * j + i]! += (d * norm[2 + i]!) / size[j]!;
        dSize[j]! -= (d * normed[3 * j + i]!) / size[j]!;
      }
      gradient[0]! += (dSize[j]! * radius) / (5 * size[j]!);
      for (let i = 0; i < 3; i++) dPosition[3 * j + i]! += (dSize[j]! * position[3 * j + i]!) / (5 * size[j]!);
    }
    for (let i = 0; i < 3; i++) groupOf(gradient, "equals")[i]! += dPosition[3 * EQUALS + i]!;
    finishTokens(params, gradient);
  }

  function finishTokens(params: Float64Array, gradient: Float64Array): void {
    const norm = groupOf(params, "norm");
    const head = groupOf(params, "head");
    const read = groupOf(params, "read");
    const gNorm = groupOf(gradient, "norm");
    const gHead = groupOf(gradient, "head");
    const gRead = groupOf(gradient, "read");
    const dWay = [0, 0];
    for (let digit = 0; digit < 10; digit++) {
      const d = dValue[digit]!;
      for (let i = 0; i < 2; i++) {
        dEmbedding[2 * digit + i]! += d * norm[i]! * way[i]!;
        gNorm[i]! += d * embedding[2 * digit + i]! * way[i]!;
        dWay[i]! += d * embedding[2 * digit + i]! * norm[i]!;
      }
    }
    for (let o = 0; o < 5; o++) {
      gHead[o]! += dWay[0]! * read[o]!;
      gHead[5 + o]! += dWay[1]! * read[o]!;
      gRead[o]! += dWay[0]! * head[o]! + dWay[1]! * head[5 + o]!;
    }
    const [radius, start, step] = params as unknown as [number, number, number];
    for (let digit = 0; digit < 10; digit++) {
      const c = cos(start + digit * step);
      const s = sin(start + digit * step);
      gradient[0]! += dEmbedding[2 * digit]! * c + dEmbedding[2 * digit + 1]! * s;
      const turn = radius * (dEmbedding[2 * digit + 1]! * c - dEmbedding[2 * digit]! * s);
      gradient[1]! += turn;
      gradient[2]! += turn * digit;
    }
  }

  return {
    gradient(params, digits, gradient) {
      const n = digits.length / WIDTH;
      for (const buffer of [gradient.subarray(0, PARAMETERS), dEmbedding, dValue, dShare]) buffer.fill(0);
      prepare(params);
      const tally = { tokens: 0, sums: 0 };
      let loss = 0;
      for (let i = 0; i < n; i++) loss += example(params, digits, WIDTH * i, 1 / (n * ANSWER), gradient, tally);
      finish(params, gradient);
      return loss / (n * ANSWER);
    },
    count(params, digits) {
      const n = digits.length / WIDTH;
      prepare(params);
      const tally = { tokens: 0, sums: 0 };
      let loss = 0;
      for (let i = 0; i < n; i++) loss += example(params, digits, WIDTH * i, 0, undefined, tally);
      return { loss: loss / (n * ANSWER), tokens: tally.tokens / (n * ANSWER), sums: tally.sums / n };
    },
  };
}

type Vector = Float64Array;
type Vectors = [Vector, Vector, Vector, Vector, Vector, Vector];

/** Derivative of the smooth rectifier at g, whose tanh is t. */
function slope(g: number, t: number): number {
  return 0.5 * (1 + t) + 0.5 * g * (1 - t * t) * GELU.scale * (1 + 3 * GELU.cubic * g * g);
}

function gradientGroups(gradient: Float64Array): [Vector, Vector, Vector, Vector, Vector] {
  return [
    groupOf(gradient, "write"),
    groupOf(gradient, "up"),
    groupOf(gradient, "head"),
    groupOf(gradient, "norm"),
    groupOf(gradient, "equals"),
  ];
}
