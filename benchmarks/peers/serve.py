"""What the scripts of this folder share: they read {"work", "arguments", "milliseconds"} per line and answer with the cost of one run."""
import json
import sys
import time

import numpy as np


def numbers(shape, scale, seed):
    """The same numbers as src/work/numbers.ts."""
    index = np.arange(np.prod(shape), dtype=np.int64)
    return (((index * 7919 + seed * 104729) % 10007 / 10007 * 2 - 1) * scale).astype(np.float32).reshape(shape)


def arrays(path):
    """Reads what src/work/arrays.ts wrote: a line that names types and shapes, then the numbers one after the other."""
    with open(path, "rb") as file:
        described = json.loads(file.readline())
        return {
            name: np.frombuffer(file.read(np.dtype(kind).itemsize * int(np.prod(shape))), kind).reshape(shape).copy()
            for name, kind, shape in described
        }


def perceptron():
    """Inputs, targets and weights of src/work/mlp.ts."""
    targets = np.eye(10, dtype=np.float32)[np.arange(256) * 7 % 10]
    weights = {"w1": numbers((64, 128), 0.3, 2), "b1": np.zeros(128, np.float32)}
    weights |= {"w2": numbers((128, 10), 0.15, 3), "b2": np.zeros(10, np.float32)}
    return numbers((256, 64), 1.5, 1), targets, weights


def residual():
    """State, target and weights of src/work/updates.ts."""
    weights = {"w1": numbers((96, 32), 0.17, 13), "b1": np.zeros(32, np.float32)}
    weights |= {"w2": numbers((32, 32), 0.03, 14), "b2": np.zeros(32, np.float32)}
    return numbers((256, 8, 32), 1, 11), numbers((256, 8, 32), 1, 12), weights


def serve(works):
    """Answers until nobody asks any more. Each work makes a function that works once and returns a number."""
    ready = {}
    for line in sys.stdin:
        task = json.loads(line)
        key = json.dumps([task["work"], task["arguments"]])
        if key not in ready:
            ready[key] = works[task["work"]](*task["arguments"])
        cpu, start, runs = time.process_time(), time.perf_counter(), 0
        while runs == 0 or (time.perf_counter() - start) * 1000 < task["milliseconds"]:
            value = ready[key]()
            runs += 1
        wall = time.perf_counter() - start
        cpu = time.process_time() - cpu
        print(json.dumps({"cpu": cpu * 1000 / runs, "wall": wall * 1000 / runs, "value": float(value)}), flush=True)
