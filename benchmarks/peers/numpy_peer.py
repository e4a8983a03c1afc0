"""The work of the benchmarks in numpy; gradients are derived by hand."""
import numpy as np

from serve import arrays, numbers, perceptron, residual, serve

F = np.float32


def matmul(m, n, k):
    a, b = numbers((m, k), 1, 21), numbers((k, n), 1, 22)
    return lambda: (a @ b)[0, 0]


def mlp():
    x, targets, p = perceptron()
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
    start, target, weights = residual()
    w1, b1, w2, b2 = (weights[name] for name in ("w1", "b1", "w2", "b2"))

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


def cells(path):
    """One step of a ring, or of a graph if it has neighbours; only the cells that fire are computed."""
    p = arrays(path)
    s, mask, near, toward = p["state"], p["mask"], p.get("near"), p.get("toward")

    def run():
        fired = slice(None) if mask.all() else np.flatnonzero(mask)
        here = s[fired]
        if near is None:
            places = np.arange(len(s)) if mask.all() else fired
            parts = [s[places - 1], here, s[(places + 1) % len(s)]]
        else:
            left, right = (s[near[fired, side]] for side in (0, 1))
            weights = toward[fired]
            parts = [here] + [weights[:, 0, axis, None] * left + weights[:, 1, axis, None] * right for axis in (0, 1)]
        said = np.maximum(np.concatenate(parts, 1) @ p["w1"] + p["b1"], 0) @ p["w2"] + p["b2"]
        after = s.copy()
        after[fired] = np.tanh(said) if near is None else here + F(0.1) * said
        return np.abs(after[:64]).mean()

    return run


def mixture(p):
    """Both layers of all experts as one product each; what an expert adds is hidden by a gate of 0 where it was not chosen."""
    experts, seen, hidden = p["w1"].shape
    first = np.concatenate([p["w1"].transpose(1, 0, 2).reshape(seen, -1), p["router"]], 1)
    bias = np.concatenate([p["b1"].ravel(), p["routerBias"]])
    second = p["w2"].reshape(experts * hidden, -1)

    def ask(near):
        sums = near @ first
        sums += bias
        scores = sums[:, experts * hidden :]
        row = np.arange(len(scores))
        best = scores.argmax(1)
        rest = scores.copy()
        rest[row, best] = -np.inf
        other = rest.argmax(1)
        gate = 1 / (1 + np.exp(scores[row, best] - scores[row, other]))
        gates = np.zeros_like(scores)
        gates[row, best] = 1 - gate
        gates[row, other] = gate
        neurons = np.maximum(sums[:, : experts * hidden], 0).reshape(-1, experts, hidden)
        weighed = (neurons * gates[:, :, None]).reshape(-1, experts * hidden)
        mixed = weighed @ second
        mixed += gates @ p["b2"]
        return np.tanh(mixed, out=mixed), (scores, best, other, gate, gates, neurons, weighed)

    return first, second, ask


def neighbours(view, state, inputs):
    """Left, self and right of every cell; `view` has a cell of zeros at both ends."""
    np.add(state, inputs, out=view[:, 1:-1])
    return np.concatenate([view[:, :-2], view[:, 1:-1], view[:, 2:]], 2).reshape(-1, 3 * state.shape[2])


def automaton(path):
    p = arrays(path)
    ask = mixture(p)[2]
    problems, cells, channels = p["inputs"].shape
    masks = p["masks"].reshape(-1, problems, cells, 1) != 0
    state = np.empty_like(p["inputs"])

    def run():
        state[:] = 0
        # as many as stay in the cache
        for chunk in range(0, problems, 512):
            here, inputs = state[chunk : chunk + 512], p["inputs"][chunk : chunk + 512]
            view = np.zeros((len(here), cells + 2, channels), F)
            for mask in masks[:, chunk : chunk + 512]:
                mixed, _ = ask(neighbours(view, here, inputs))
                np.copyto(here, mixed.reshape(here.shape), where=mask)
        return np.abs(state).mean(dtype=np.float64)

    return run


def training(path):
    p = arrays(path)
    fixed = {name: p.pop(name) for name in ("a", "b", "answers", "masks", "inputs", "balance")}
    a, b, answers, masks = fixed["a"], fixed["b"], fixed["answers"].ravel(), fixed["masks"] != 0
    importance = float(fixed["balance"][0])
    (n, cells), channels, steps = a.shape, p["table"].shape[1], len(masks)
    experts, seen, hidden = p["w1"].shape
    targets = np.tile(answers, steps)
    moments = {name: (np.zeros_like(w), np.zeros_like(w)) for name, w in p.items()}
    turn = 0

    def loss_and_gradients():
        first, second, ask = mixture(p)
        inputs = p["table"][a] + p["table"][b] + p["positions"]
        state, view = np.zeros_like(inputs), np.zeros((n, cells + 2, channels), F)
        tape, states, balance = [], np.empty((steps, n, cells, channels), F), 0.0
        for step, mask in enumerate(masks):
            near = neighbours(view, state, inputs)
            mixed, asked = ask(near)
            scores, best, other = asked[:3]
            state = np.where(mask.reshape(n, cells, 1), mixed.reshape(state.shape), state)
            states[step] = state
            chances = np.exp(scores - scores.max(1, keepdims=True))
            chances /= chances.sum(1, keepdims=True)
            fired = mask.sum()
            share = (np.bincount(best[mask], minlength=experts) + np.bincount(other[mask], minlength=experts)) / (2 * fired)
            balance += experts * (share * chances[mask].mean(0)).sum() / steps
            tape.append((near, mixed, asked, chances, (importance / steps * experts / fired * share).astype(F)))
        flat = states.reshape(-1, channels)
        z = flat @ p["readOut"] + p["readOutBias"]
        z -= z.max(1, keepdims=True)
        dz = np.exp(z)
        total = dz.sum(1, keepdims=True)
        row = np.arange(len(z))
        loss = (np.log(total[:, 0]) - z[row, targets]).mean() + importance * balance
        dz /= total
        dz[row, targets] -= 1
        dz /= F(len(z))
        g = {name: np.zeros_like(w) for name, w in p.items()}
        g["readOut"], g["readOutBias"] = flat.T @ dz, dz.sum(0)
        dstates = (dz @ p["readOut"].T).reshape(states.shape)
        dfirst, dbias = np.zeros_like(first), np.zeros(first.shape[1], F)
        dsecond, dstate, dinputs = np.zeros_like(second), np.zeros_like(inputs), np.zeros_like(inputs)
        every = np.arange(n * cells)
        for (near, mixed, asked, chances, weight), mask, here in zip(tape[::-1], masks[::-1], dstates[::-1]):
            scores, best, other, gate, gates, neurons, weighed = asked
            dstate += here
            fires = mask.reshape(n, cells, 1)
            dmixed = (dstate * fires).reshape(-1, channels) * (1 - mixed * mixed)
            dsecond += weighed.T @ dmixed
            g["b2"] += gates.T @ dmixed
            back = (dmixed @ second.T).reshape(-1, experts, hidden)
            dgates = (back * neurons).sum(2) + dmixed @ p["b2"].T
            dsums = np.empty((n * cells, first.shape[1]), F)
            dsums[:, : experts * hidden] = (back * gates[:, :, None] * (neurons > 0)).reshape(n * cells, -1)
            lean = (dgates[every, other] - dgates[every, best]) * gate * (1 - gate)
            dscores = chances * (weight - (chances * weight).sum(1, keepdims=True)) * mask[:, None]
            dscores[every, other] += lean
            dscores[every, best] -= lean
            dsums[:, experts * hidden :] = dscores
            dfirst += near.T @ dsums
            dbias += dsums.sum(0)
            dnear = (dsums @ first.T).reshape(n, cells, 3, channels)
            dview = dnear[:, :, 1].copy()
            dview[:, :-1] += dnear[:, 1:, 0]
            dview[:, 1:] += dnear[:, :-1, 2]
            dinputs += dview
            dstate = np.where(fires, 0, dstate) + dview
        g["w1"] = dfirst[:, : experts * hidden].reshape(seen, experts, hidden).transpose(1, 0, 2)
        g["b1"], g["w2"] = dbias[: experts * hidden].reshape(experts, hidden), dsecond.reshape(p["w2"].shape)
        g["router"], g["routerBias"] = dfirst[:, experts * hidden :], dbias[experts * hidden :]
        g["positions"] = dinputs.sum(0)
        np.add.at(g["table"], a, dinputs)
        np.add.at(g["table"], b, dinputs)
        return loss, g

    def run():
        nonlocal turn
        turn += 1
        loss, g = loss_and_gradients()
        clip = F(min(1, 1 / np.sqrt(sum(float((x * x).sum()) for x in g.values()))))
        for name, (m, v) in moments.items():
            x = g[name] * clip
            m += F(0.1) * (x - m)
            v += F(0.01) * (x * x - v)
            move = m / F(1 - 0.9**turn) / (np.sqrt(v / F(1 - 0.99**turn)) + F(1e-8)) + F(0.05) * p[name]
            p[name] -= F(0.003) * move
        return loss

    return run


if __name__ == "__main__":
    serve({"matmul": matmul, "mlp": mlp, "updates": updates, "ring": cells, "mesh": cells, "automaton": automaton, "training": training})
