"""Reads a safetensors file from standard input with numpy alone, and prints what it holds as JSON."""

import json
import struct
import sys

import numpy as np

TYPES = {"F64": "<f8", "F32": "<f4", "I32": "<i4", "U8": "u1", "I8": "i1"}

held = sys.stdin.buffer.read()
(length,) = struct.unpack("<Q", held[:8])
header = json.loads(held[8 : 8 + length])
numbers = held[8 + length :]
metadata = header.pop("__metadata__", {})
tensors = {}
for name, entry in header.items():
    begin, end = entry["data_offsets"]
    values = np.frombuffer(numbers[begin:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
    tensors[name] = {
        "dtype": str(values.dtype),
        "shape": list(values.shape),
        "values": [float(value).hex() for value in values.ravel()],
    }
print(json.dumps({"metadata": metadata, "tensors": tensors, "aligned": (8 + length) % 8 == 0}))
