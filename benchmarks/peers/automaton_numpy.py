"""The automaton of automaton.bench.ts in numpy: all experts for all cells, hidden by gates of 0. Prints seconds as JSON."""
import json
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np

PROBLEMS, CELLS, CHANNELS, HIDDEN, EXPERTS = int(sys.argv[1]), 8, 32, 32, 6
CHUNK = 512
random = np.random.default_rng(1)


def draw(*shape, scale):
    return (random.standard_normal(shape) * scale).astype(np.float32)


first = draw(3 * CHANNELS, EXPERTS * HIDDEN + EXPERTS, scale=0.14)
bias = np.zeros(EXPERTS * HIDDEN + EXPERTS, np.float32)
second = draw(EXPERTS * HIDDEN, CHANNELS, scale=0.05)
inputs = draw(PROBLEMS, CELLS, CHANNELS, scale=0.7)


def step(view, state, given, fires):
    view[:, 1:-1] = state + given
    seen = np.concatenate([view[:, :-2], view[:, 1:-1], view[:, 2:]], axis=2).reshape(-1, 3 * CHANNELS)
    sums = seen @ first
    sums += bias
    scores = sums[:, EXPERTS * HIDDEN :]
    row = np.arange(len(scores))
    best = scores.argmax(1)
    rest = scores.copy()
    rest[row, best] = -np.inf
    next_best = rest.argmax(1)
    gate = 1 / (1 + np.exp(scores[row, best] - rest[row, next_best]))
    gates = np.zeros_like(scores)
    gates[row, best] = 1 - gate
    gates[row, next_best] = gate
    hidden = np.maximum(sums[:, : EXPERTS * HIDDEN], 0).reshape(-1, EXPERTS, HIDDEN) * gates[:, :, None]
    mixed = np.tanh(hidden.reshape(-1, EXPERTS * HIDDEN) @ second).reshape(state.shape)
    np.copyto(state, mixed, where=fires[:, :, None])


start = time.process_time()
for chunk in range(0, PROBLEMS, CHUNK):
    given = inputs[chunk : chunk + CHUNK]
    view = np.zeros((len(given), CELLS + 2, CHANNELS), np.float32)
    state = np.zeros_like(given)
    for _ in range(24):
        step(view, state, given, random.random((len(given), CELLS)) < 0.5)
print(json.dumps({"seconds": time.process_time() - start, "numpy": np.__version__}))
