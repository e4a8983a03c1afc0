"""Writes optimisers.json: several updates of each optimiser in float64, straight from the papers' formulas.

    python3 packages/train/test/golden/make.py
"""

import json
from pathlib import Path

import numpy as np

rng = np.random.default_rng(7)
STEPS = 6
start = {"bias": rng.normal(size=5), "experts": rng.normal(size=(2, 4, 3)), "tall": rng.normal(size=(3, 6))}
grads = [{name: rng.normal(size=value.shape) * 10.0 ** rng.integers(-3, 2) for name, value in start.items()} for _ in range(STEPS)]


def run(rule):
    """Applies `rule(name, t, gradient, parameter, memory) -> change` leaf by leaf."""
    params = {name: value.copy() for name, value in start.items()}
    memory = {name: {} for name in start}
    history = []
    for t, step in enumerate(grads, 1):
        for name in params:
            params[name] = params[name] + rule(t, step[name], params[name], memory[name])
        history.append({name: value.tolist() for name, value in params.items()})
    return history


def sgd(t, g, p, memory, rate=0.05, momentum=0.9):
    memory["v"] = momentum * memory.get("v", 0) + g
    return -rate * memory["v"]


def adam(t, g, p, memory, rate=0.01, beta1=0.9, beta2=0.99, epsilon=1e-8, decay=0.0):
    memory["m"] = beta1 * memory.get("m", 0) + (1 - beta1) * g
    memory["v"] = beta2 * memory.get("v", 0) + (1 - beta2) * g**2
    mean, square = memory["m"] / (1 - beta1**t), memory["v"] / (1 - beta2**t)
    return -rate * (mean / (np.sqrt(square) + epsilon) + decay * p)


def newton_schulz(x, iterations=5):
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = x.shape[-2] > x.shape[-1]
    x = np.swapaxes(x, -1, -2) if tall else x
    x = x / (np.linalg.norm(x, axis=(-2, -1), keepdims=True) + 1e-7)
    for _ in range(iterations):
        gram = x @ np.swapaxes(x, -1, -2)
        x = a * x + (b * gram + c * gram @ gram) @ x
    return np.swapaxes(x, -1, -2) if tall else x


def muon(t, g, p, memory, rate=0.02, momentum=0.95):
    if p.ndim < 2:
        return adam(t, g, p, memory)
    memory["m"] = momentum * memory.get("m", 0) + g
    return -rate * max(1, p.shape[-1] / p.shape[-2]) ** 0.5 * newton_schulz(g + momentum * memory["m"])


def ema(decay):
    """The average of the parameters that `adam` went through."""
    params, average = run(adam), None
    history = []
    for t, step in enumerate(params):
        d = min(decay, 1 - 1 / (t / 8 + 1))
        average = {
            name: np.array(value) if average is None else d * average[name] + (1 - d) * np.array(value)
            for name, value in step.items()
        }
        history.append({name: value.tolist() for name, value in average.items()})
    return history


def as_lists(tree):
    return {name: value.tolist() for name, value in tree.items()}


golden = {
    "start": as_lists(start),
    "grads": [as_lists(step) for step in grads],
    "sgd": run(sgd),
    "adam": run(adam),
    "adamW": run(lambda t, g, p, memory: adam(t, g, p, memory, rate=0.03, decay=0.05)),
    "muon": run(muon),
    "ema": ema(0.3),
}
path = Path(__file__).parent / "optimisers.json"
path.write_text(json.dumps(golden) + "\n")
