#!/usr/bin/python3
"""Writes test/golden/NAME.jsonl: what numpy makes of random cases of every operation.

The cases come from the table of operations (test/operations.ts), so that this file holds numpy and nothing else.
Run in packages/tensor:            python3 scripts/golden.py
A long run of 100,000 cases each:  python3 scripts/golden.py --cases 100000 --seed 7 --out /tmp/golden
                                   GANGLION_GOLDEN=/tmp/golden npx vitest run --project packages/tensor values
"""
import argparse
import json
import math
import os
import subprocess

import numpy as np

CASES = """
import { drawCase, operations } from "./test/operations.ts";
const [seed, cases] = process.argv.slice(1).map(Number);
for (const operation of operations) {
  for (let index = 0; index < cases; index++) {
    const { inputs, attributes } = drawCase(operation, seed, index, "value", 1 / 64);
    console.log(JSON.stringify({ name: operation.name, inputs, attributes }));
  }
}
"""


def each(function):
    return lambda x: np.vectorize(function, otypes=[np.float64])(x) if x.size else x.copy()


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def axes(axis):
    return tuple(axis) if isinstance(axis, list) else axis


def reduction(function):
    return lambda x, axis=None, keepAxis=False: function(x, axis=axes(axis), keepdims=keepAxis)


def log_sum_exp(x, axis=-1, keepAxis=False):
    top = x.max(axis=axis, keepdims=True)
    total = np.log(np.exp(x - top).sum(axis=axis, keepdims=True)) + top
    return total if keepAxis else total.squeeze(axis)


def sort(x, axis=-1):
    order = np.argsort(x, axis=axis, kind="stable")
    return np.take_along_axis(x, order, axis), order.astype(np.int32)


def top_k(x, k):
    order = np.argsort(-x, axis=-1, kind="stable")[..., :k]
    return np.take_along_axis(x, order, -1), order.astype(np.int32)


def grouped_matmul(x, weights, sizes):
    out = np.zeros((x.shape[0], weights.shape[2]))
    start = 0
    for group, size in enumerate(sizes):
        out[start : start + size] = x[start : start + size] @ weights[group]
        start += size
    return out


def slices(x, ranges):
    return x[tuple(slice(None) if r is None else slice(*r) for r in ranges)]


def scatter_add(x, indices, rows):
    out = x.copy()
    np.add.at(out, indices, rows)
    return out


def scatter(x, indices, rows):
    out = x.copy()
    out[indices] = rows
    return out


def segment_sum(x, ids, segments):
    return scatter_add(np.zeros((segments,) + x.shape[1:]), ids, x)


def truth(function):
    return lambda *inputs: function(*inputs).astype(np.uint8)


def cast(x, dtype):
    return x.astype(dtype)


NUMPY = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "pow": lambda x, exponent: np.power(x, float(exponent)),
    "neg": np.negative,
    "abs": np.abs,
    "sign": np.sign,
    "square": np.square,
    "reciprocal": np.reciprocal,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "relu": lambda x: np.maximum(x, 0),
    "gelu": each(lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2),
    "silu": lambda x: x * sigmoid(x),
    "sin": np.sin,
    "cos": np.cos,
    "erf": each(math.erf),
    "floor": np.floor,
    "round": np.round,
    "equal": truth(np.equal),
    "notEqual": truth(np.not_equal),
    "less": truth(np.less),
    "lessEqual": truth(np.less_equal),
    "greater": truth(np.greater),
    "greaterEqual": truth(np.greater_equal),
    "logicalAnd": truth(np.logical_and),
    "logicalOr": truth(np.logical_or),
    "logicalNot": truth(np.logical_not),
    "where": np.where,
    "clamp": lambda x, low, high: np.clip(x, low, high),
    "cast": cast,
    "sum": reduction(np.sum),
    "mean": reduction(np.mean),
    "max": reduction(np.max),
    "min": reduction(np.min),
    "variance": reduction(np.var),
    "logSumExp": log_sum_exp,
    "argmax": lambda x, axis=-1: np.argmax(x, axis=axis).astype(np.int32),
    "argmin": lambda x, axis=-1: np.argmin(x, axis=axis).astype(np.int32),
    "softmax": lambda x, axis=-1: np.exp(x - log_sum_exp(x, axis, True)),
    "logSoftmax": lambda x, axis=-1: x - log_sum_exp(x, axis, True),
    "cumsum": lambda x, axis=-1: np.cumsum(x, axis=axis),
    "sort": sort,
    "topK": top_k,
    "matmul": np.matmul,
    "groupedMatmul": grouped_matmul,
    "reshape": lambda x, shape: np.reshape(x, shape),
    "transpose": lambda x, axes=None: np.swapaxes(x, -1, -2) if axes is None else np.transpose(x, axes),
    "broadcastTo": np.broadcast_to,
    "expandDims": np.expand_dims,
    "squeeze": lambda x, axis=None: np.squeeze(x, axis),
    "concat": lambda *parts, axis=0: np.concatenate(parts, axis),
    "stack": lambda *parts, axis=0: np.stack(parts, axis),
    "slice": slices,
    "pad": lambda x, widths, value=0: np.pad(x, widths, constant_values=value) if widths else x,
    "flip": lambda x, axis: np.flip(x, axes(axis)),
    "take": lambda x, indices, axis=0: np.take(x, indices, axis),
    "gather": lambda x, indices, axis=-1: np.take_along_axis(x, indices, axis),
    "scatterAdd": scatter_add,
    "scatter": scatter,
    "segmentSum": segment_sum,
    "oneHot": lambda indices, depth: (indices[..., None] == np.arange(depth)).astype(np.float64),
}


def read(array):
    return np.array(array["data"], dtype=array.get("dtype", "float64")).reshape(array["shape"])


def number(value):
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        if value == 0 and math.copysign(1, value) < 0:
            return "-0"
        if value.is_integer() and abs(value) < 2**53:
            return int(value)
    return value


def write(name, array):
    array = np.asarray(array)
    result = {"shape": list(array.shape), "data": [number(value) for value in array.ravel().tolist()]}
    if array.dtype != np.float64 or name in ("cast", "oneHot"):
        result["dtype"] = str(array.dtype)
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--out", default="test/golden")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    node = ["node", "--conditions=@ganglion/source", "--input-type=module", "-e", CASES, "--"]
    lines = subprocess.Popen(node + [str(options.seed), str(options.cases)], stdout=subprocess.PIPE, text=True)
    files = {}
    for line in lines.stdout:
        case = json.loads(line)
        name = case.pop("name")
        outputs = NUMPY[name](*map(read, case["inputs"]), **case["attributes"])
        case["outputs"] = [write(name, each) for each in (outputs if isinstance(outputs, tuple) else (outputs,))]
        if name not in files:
            files[name] = open(os.path.join(options.out, name + ".jsonl"), "w")
        files[name].write(json.dumps(case, separators=(",", ":")) + "\n")
    if lines.wait() != 0:
        raise SystemExit("the table of operations could not be read")


if __name__ == "__main__":
    main()
