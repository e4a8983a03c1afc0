"""The automaton in numba: only the cells that fire and only the experts that they choose, one problem after the other.

numba 0.68 runs these loops six times as fast as the 0.56 of Debian 12."""
import numpy as np
from numba import njit

from serve import arrays, serve

F = np.float32


CELLS, CHANNELS, SEEN, HIDDEN, EXPERTS = 8, 32, 96, 32, 6


@njit(fastmath=True, error_model="numpy")
def roll(inputs, masks, router, router_bias, w1, b1, w2, b2, state):
    view = np.zeros((CELLS + 2) * CHANNELS, F)
    scores, neurons, mixed = np.empty(EXPERTS, F), np.empty(HIDDEN, F), np.empty(CHANNELS, F)
    for n in range(len(inputs)):
        for t in range(len(masks)):
            for cell in range(CELLS):
                for j in range(CHANNELS):
                    view[(cell + 1) * CHANNELS + j] = state[n, cell, j] + inputs[n, cell, j]
            for cell in range(CELLS):
                if masks[t, n * CELLS + cell] == 0:
                    continue
                at = cell * CHANNELS
                for e in range(EXPERTS):
                    total = F(0)
                    for i in range(SEEN):
                        total += view[at + i] * router[e, i]
                    scores[e] = total + router_bias[e]
                best = 0
                for e in range(1, EXPERTS):
                    if scores[e] > scores[best]:
                        best = e
                other = 1 if best == 0 else 0
                for e in range(EXPERTS):
                    if e != best and scores[e] > scores[other]:
                        other = e
                gate = F(1) / (F(1) + np.exp(scores[best] - scores[other]))
                for j in range(CHANNELS):
                    mixed[j] = 0
                for turn in range(2):
                    e = best if turn == 0 else other
                    share = F(1) - gate if turn == 0 else gate
                    for j in range(HIDDEN):
                        neurons[j] = b1[e, j]
                    for i in range(0, SEEN, 8):
                        x0, x1, x2, x3 = view[at + i], view[at + i + 1], view[at + i + 2], view[at + i + 3]
                        x4, x5, x6, x7 = view[at + i + 4], view[at + i + 5], view[at + i + 6], view[at + i + 7]
                        for j in range(32):
                            low = x0 * w1[e, i, j] + x1 * w1[e, i + 1, j] + x2 * w1[e, i + 2, j] + x3 * w1[e, i + 3, j]
                            high = x4 * w1[e, i + 4, j] + x5 * w1[e, i + 5, j] + x6 * w1[e, i + 6, j] + x7 * w1[e, i + 7, j]
                            neurons[j] += low + high
                    for j in range(HIDDEN):
                        neurons[j] = max(neurons[j], F(0)) * share
                    for j in range(CHANNELS):
                        mixed[j] += share * b2[e, j]
                    for i in range(0, HIDDEN, 4):
                        x0, x1, x2, x3 = neurons[i], neurons[i + 1], neurons[i + 2], neurons[i + 3]
                        for j in range(32):
                            mixed[j] += x0 * w2[e, i, j] + x1 * w2[e, i + 1, j] + x2 * w2[e, i + 2, j] + x3 * w2[e, i + 3, j]
                # tanh by a continued fraction, to 2e-5: numba has no function of its own that runs on many numbers at once
                for j in range(CHANNELS):
                    x = min(max(mixed[j], F(-5)), F(5))
                    z = x * x
                    above = ((z + F(378)) * z + F(17325)) * z + F(135135)
                    below = ((F(28) * z + F(3150)) * z + F(62370)) * z + F(135135)
                    state[n, cell, j] = min(max(x * above / below, F(-1)), F(1))


def automaton(path):
    p = arrays(path)
    state = np.empty_like(p["inputs"])
    router = np.ascontiguousarray(p["router"].T)

    def run():
        state[:] = 0
        roll(p["inputs"], p["masks"], router, p["routerBias"], p["w1"], p["b1"], p["w2"], p["b2"], state)
        return np.abs(state).mean(dtype=np.float64)

    return run


@njit
def product(starts, senders, strengths, x, out):
    for row in range(len(out)):
        total = F(0)
        for slot in range(starts[row], starts[row + 1]):
            total += strengths[slot] * x[senders[slot]]
        out[row] = total


def spread(path):
    p = arrays(path)
    starts, senders = p["starts"].astype(np.uint32), p["senders"].astype(np.uint32)
    out = np.empty_like(p["x"])

    def run():
        product(starts, senders, p["strengths"], p["x"], out)
        return out[:64].sum(dtype=np.float64)

    return run


U = np.uint32


@njit
def mix(x):
    x = U(U(x ^ (x >> U(16))) * U(0x7FEB352D))
    x = U(U(x ^ (x >> U(15))) * U(0x846CA68B))
    return U(x ^ (x >> U(16)))


@njit
def learn(weights, contexts, words, met, gain, loss, negatives, bound, seed):
    key = mix(U(seed ^ U(0x9E3779B9)))
    own = np.empty(len(met), U)
    for context in range(len(met)):
        met[context] = 0
        row_key = mix(U(U(context) ^ key))
        own[context] = mix(U(row_key + U(key * U(0x85EBCA6B))))
    width = np.uint64(weights.shape[1])
    for pair in range(len(words)):
        context = contexts[pair]
        row = weights[context]
        row[words[pair]] = min(F(row[words[pair]] + gain), bound)
        draw = mix(U(met[context] ^ own[context]))
        met[context] += U(1)
        for _ in range(negatives):
            drawn = (np.uint64(draw) * width) >> np.uint64(32)
            row[drawn] = max(F(row[drawn] - loss), -bound)
            draw = U(draw * U(0x9E3779B1))


def pairs(path):
    p = arrays(path)
    # unsigned, so that numba needs no wraparound of negative indices
    contexts, words = p["contexts"].astype(U), p["words"].astype(U)
    height, width, negatives, seed = (int(value) for value in p["sizes"])
    gain, loss, bound = p["rule"]
    weights = np.zeros((height, width), F)
    met = np.zeros(height, U)

    def run():
        learn(weights, contexts, words, met, gain, loss, negatives, bound, U(seed))
        return weights[0].sum(dtype=np.float64)

    return run


serve({"automaton": automaton, "spread": spread, "pairs": pairs})
