import { cos } from "@ganglion/kernels";

/** What a training goes on from: parameters, and running means of gradients and of their squares. */
export interface State {
  readonly params: Float64Array;
  readonly mean: Float64Array;
  readonly square: Float64Array;
}

/** A learning rate that rises, and falls along half a cosine. */
export interface Rates {
  readonly steps: number;
  /** Learning rate at the start and at the end of half a cosine. */
  readonly rate: readonly [from: number, to: number];
  /** Steps during which the rate rises to its start. */
  readonly warmup: number;
}

/** Learning rate of a step. */
export function rateAt({ rate: [from, to], steps, warmup }: Rates, step: number): number {
  if (step < warmup) return (from * (step + 1)) / warmup;
  return to + ((from - to) / 2) * (1 + cos((Math.PI * (step - warmup)) / (steps - warmup)));
}

/** Adam with decoupled decay, after the gradient was cut to length 1. */
export function adam(
  { params, mean, square }: State,
  gradient: Float64Array,
  step: number,
  rate: number,
  decay: number,
): void {
  let length = 0;
  for (const g of gradient) length += g * g;
  length = Math.sqrt(length);
  const cut = length > 1 ? 1 / (length + 1e-6) : 1;
  const [bias1, bias2] = [1 - 0.9 ** (step + 1), 1 - 0.999 ** (step + 1)];
  for (let i = 0; i < params.length; i++) {
    const g = gradient[i]! * cut;
    mean[i] = 0.9 * mean[i]! + 0.1 * g;
    square[i] = 0.999 * square[i]! + 0.001 * g * g;
    params[i]! -= rate * decay * params[i]! + (rate * (mean[i]! / bias1)) / (Math.sqrt(square[i]! / bias2) + 1e-8);
  }
}
