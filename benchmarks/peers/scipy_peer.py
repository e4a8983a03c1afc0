"""Spreading activation as sparse products of scipy."""
import numpy as np
from scipy.sparse import csr_matrix

from serve import arrays, serve


def incoming(p):
    """Synapses by their targets, as the kernels have them."""
    rows = len(p["x"])
    return csr_matrix((p["strengths"], p["senders"], p["starts"]), (rows, rows))


def shown(y):
    """What contenders must agree on: the sum of the first few."""
    return y[:64].sum(dtype=np.float64)


def spread(path):
    p = arrays(path)
    matrix, x = incoming(p), p["x"]
    return lambda: shown(matrix @ x)


def spread_few(path):
    p = arrays(path)
    outgoing, x = incoming(p).T.tocsr(), p["x"]
    active = np.flatnonzero(x)
    strengths = x[active]
    return lambda: shown(outgoing[active].T @ strengths)


serve({"spread": spread, "spreadFew": spread_few})
