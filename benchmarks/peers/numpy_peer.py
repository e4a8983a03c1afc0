"""Does the work of the benchmarks in numpy: reads {"work", "arguments", "milliseconds"} per line, answers with the cost of one run."""
import json
import sys
import time

import numpy as np

F = np.float32


def numbers(shape, scale, seed):
    index = np.arange(np.prod(shape), dtype=np.int64)
    return (((index * 7919 + seed * 104729) % 10007 / 10007 * 2 - 1) * scale).astype(F).reshape(shape)


def matmul(m, n, k):
    a, b = numbers((m, k), 1, 21), numbers((k, n), 1, 22)
    return lambda: (a @ b)[0, 0]


def mlp():
    x = numbers((256, 64), 1.5, 1)
    targets = np.eye(10, dtype=F)[np.arange(256) * 7 % 10]
    p = {"w1": numbers((64, 128), 0.3, 2), "b1": np.zeros(128, F), "w2": numbers((128, 10), 0.15, 3), "b2": np.zeros(10, F)}
    m = {key: np.zeros_like(w) for key, w in p.items()}
    v = {key: np.zeros_like(w) for key, w in p.items()}
    turn = 0

    def run():
        nonlocal turn
        turn += 1
        h = np.maximum(x @ p["w1"] + p["b1"], 0)
        z = h @ p["w2"] + p["b2"]
        z -= z.max(1, keepdims=True)
        logs = z - np.log(np.exp(z).sum(1, keepdims=True))
        dz = (np.exp(logs) - targets) / F(256)
        dh = np.where(h > 0, dz @ p["w2"].T, F(0))
        grads = {"w1": x.T @ dh, "b1": dh.sum(0), "w2": h.T @ dz, "b2": dz.sum(0)}
        scale, spread = F(1e-3 / (1 - 0.9**turn)), F(1 / (1 - 0.999**turn))
        for key, g in grads.items():
            m[key] = F(0.9) * m[key] + F(0.1) * g
            v[key] = F(0.999) * v[key] + F(0.001) * g * g
            p[key] = p[key] - scale * m[key] / (np.sqrt(v[key] * spread) + F(1e-8))
        return -(logs * targets).sum() / 256

    return run


def updates(backward):
    start, target = numbers((256, 8, 32), 1, 11), numbers((256, 8, 32), 1, 12)
    w1, w2 = numbers((96, 32), 0.17, 13), numbers((32, 32), 0.03, 14)
    b1, b2 = np.zeros(32, F), np.zeros(32, F)

    def run():
        s, tape = start, []
        for _ in range(20):
            near = np.concatenate([np.roll(s, 1, 1), s, np.roll(s, -1, 1)], 2).reshape(2048, 96)
            h = np.maximum(near @ w1 + b1, 0)
            s = s + (h @ w2 + b2).reshape(256, 8, 32)
            tape.append((near, h))
        difference = s - target
        loss = np.mean(difference * difference)
        if not backward:
            return loss
        ds = difference * F(2 / difference.size)
        g1, g2, gb1, gb2 = np.zeros_like(w1), np.zeros_like(w2), np.zeros_like(b1), np.zeros_like(b2)
        for near, h in reversed(tape):
            d = ds.reshape(2048, 32)
            g2 += h.T @ d
            gb2 += d.sum(0)
            dh = np.where(h > 0, d @ w2.T, F(0))
            g1 += near.T @ dh
            gb1 += dh.sum(0)
            dn = (dh @ w1.T).reshape(256, 8, 3, 32)
            ds = ds + np.roll(dn[:, :, 0], -1, 1) + dn[:, :, 1] + np.roll(dn[:, :, 2], 1, 1)
        return loss

    return run


def ring(cells):
    w1, w2 = numbers((36, 48), 0.1, 23), numbers((48, 12), 0.1, 24)
    s = numbers((cells, 12), 1, 25)
    b1, b2 = np.zeros(48, F), np.zeros(12, F)
    random = np.random.default_rng(0)

    def run():
        fired = np.flatnonzero(random.random(cells, F) < 0.5)
        near = np.concatenate([s[fired - 1], s[fired], s[(fired + 1) % cells]], 1)
        after = s.copy()
        after[fired] = np.tanh(np.maximum(near @ w1 + b1, 0) @ w2 + b2)
        return after[0, 0]

    return run


WORKS = {"matmul": matmul, "mlp": mlp, "updates": updates, "ring": ring}
ready = {}
for line in sys.stdin:
    task = json.loads(line)
    key = json.dumps([task["work"], task["arguments"]])
    if key not in ready:
        ready[key] = WORKS[task["work"]](*task["arguments"])
    cpu, start, runs = time.process_time(), time.perf_counter(), 0
    while runs == 0 or (time.perf_counter() - start) * 1000 < task["milliseconds"]:
        value = ready[key]()
        runs += 1
    wall = time.perf_counter() - start
    cpu = time.process_time() - cpu
    print(json.dumps({"cpu": cpu * 1000 / runs, "wall": wall * 1000 / runs, "value": float(value)}), flush=True)
