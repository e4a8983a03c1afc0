import { checkRange } from "../check.ts";
import type { Smoothing } from "./change.ts";
import { Places } from "./places.ts";

/**
 * Momentum on local changes: a running sum of a synapse's own changes, `v = momentum * v + delta`.
 *
 * @param momentum in [0, 1)
 */
export function momentum(share = 0.9): Smoothing {
  checkRange("momentum", "share", share, 0, 1 - 2 ** -53);
  const places = new Places();
  const velocities: number[] = [];
  return (place, delta) => {
    const number = places.numberOf(place);
    const velocity = share * (velocities[number] ?? 0) + delta;
    velocities[number] = velocity;
    return velocity;
  };
}

/** Settings of Adam-style smoothing. */
export interface AdamConfig {
  /** Size of a change that always has one sign. Default 0.01. */
  readonly rate?: number;
  /** Memory of the mean, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Memory of the mean square, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Adam's smoothing of local changes: the mean of a synapse's own changes over the root of their mean square.
 *
 * Nothing here is a gradient: it smooths whatever a Hebbian or delta rule proposes. The powers of the two memories count
 * the proposals of each synapse.
 *
 * @see Kingma & Ba 2015, arXiv:1412.6980
 */
export function adam({ rate = 0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamConfig = {}): Smoothing {
  checkRange("adam", "rate", rate, 0, Infinity);
  for (const [name, beta] of Object.entries({ beta1, beta2 })) checkRange("adam", name, beta, 0, 1 - 2 ** -53);
  checkRange("adam", "epsilon", epsilon, Number.MIN_VALUE, Infinity);
  const places = new Places();
  const states: { mean: number; square: number; power1: number; power2: number }[] = [];
  return (place, delta) => {
    const state = (states[places.numberOf(place)] ??= { mean: 0, square: 0, power1: 1, power2: 1 });
    state.mean = beta1 * state.mean + (1 - beta1) * delta;
    state.square = beta2 * state.square + (1 - beta2) * delta * delta;
    state.power1 *= beta1;
    state.power2 *= beta2;
    return (rate * (state.mean / (1 - state.power1))) / (Math.sqrt(state.square / (1 - state.power2)) + epsilon);
  };
}
