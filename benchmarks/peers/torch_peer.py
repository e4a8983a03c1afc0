"""The work of the benchmarks in torch, one thread: gradients by its autograd, all experts for all cells hidden by gates of 0."""
import torch
from torch.nn import functional

from serve import arrays, numbers, perceptron, residual, serve

torch.set_num_threads(1)


def tensors(weights):
    return {name: torch.tensor(w, requires_grad=True) for name, w in weights.items()}


def matmul(m, n, k):
    a, b = torch.tensor(numbers((m, k), 1, 21)), torch.tensor(numbers((k, n), 1, 22))
    return lambda: (a @ b)[0, 0]


def mlp():
    x, targets, weights = perceptron()
    x, y, p = torch.tensor(x), torch.tensor(targets).argmax(1), tensors(weights)
    optimiser = torch.optim.Adam(p.values(), lr=1e-3)

    def run():
        optimiser.zero_grad()
        logits = torch.relu(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]
        loss = functional.cross_entropy(logits, y)
        loss.backward()
        optimiser.step()
        return loss.detach()

    return run


def updates(backward):
    start, target, weights = residual()
    start, target, p = torch.tensor(start), torch.tensor(target), tensors(weights)

    def forward():
        s = start
        for _ in range(20):
            near = torch.cat([s.roll(1, 1), s, s.roll(-1, 1)], 2)
            s = s + torch.relu(near @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]
        return functional.mse_loss(s, target)

    def run():
        if not backward:
            with torch.no_grad():
                return forward()
        loss = forward()
        torch.autograd.grad(loss, list(p.values()))
        return loss.detach()

    return run


def mixture(p):
    experts, seen, hidden = p["w1"].shape
    first = torch.cat([p["w1"].transpose(0, 1).reshape(seen, -1), p["router"]], 1)
    bias = torch.cat([p["b1"].reshape(-1), p["routerBias"]])
    second = p["w2"].reshape(experts * hidden, -1)

    def ask(state, inputs):
        view = functional.pad(state + inputs, (0, 0, 1, 1))
        near = torch.cat([view[:, :-2], view[:, 1:-1], view[:, 2:]], 2).reshape(-1, seen)
        sums = torch.addmm(bias, near, first)
        scores = sums[:, experts * hidden :]
        best, chosen = scores.topk(2)
        gates = torch.zeros_like(scores).scatter(1, chosen, best.softmax(1))
        neurons = torch.relu(sums[:, : experts * hidden]).view(-1, experts, hidden) * gates[:, :, None]
        mixed = neurons.view(-1, experts * hidden) @ second + gates @ p["b2"]
        return torch.tanh(mixed).view(state.shape), scores, chosen

    return ask


def automaton(path):
    p = {name: torch.tensor(w) for name, w in arrays(path).items()}
    problems, cells, _ = p["inputs"].shape
    masks = p["masks"].view(-1, problems, cells, 1) != 0
    ask = mixture(p)

    def run():
        total = 0.0
        with torch.inference_mode():
            for chunk in range(0, problems, 512):
                inputs = p["inputs"][chunk : chunk + 512]
                state = torch.zeros_like(inputs)
                for mask in masks[:, chunk : chunk + 512]:
                    state = torch.where(mask, ask(state, inputs)[0], state)
                total += state.abs().sum(dtype=torch.float64)
        return total / p["inputs"].numel()

    return run


def training(path):
    given = arrays(path)
    a, b, answers = (torch.tensor(given.pop(name)).long() for name in ("a", "b", "answers"))
    masks = torch.tensor(given.pop("masks")) != 0
    given.pop("inputs")
    importance = float(given.pop("balance")[0])
    p = tensors(given)
    experts, steps = len(given["w1"]), len(masks)
    optimiser = torch.optim.AdamW(p.values(), lr=0.003, betas=(0.9, 0.99), weight_decay=0.05)

    def loss_of():
        inputs = p["table"][a] + p["table"][b] + p["positions"]
        state, states, balance, ask = torch.zeros_like(inputs), [], 0.0, mixture(p)
        for mask in masks:
            mixed, scores, chosen = ask(state, inputs)
            state = torch.where(mask.view(*a.shape, 1), mixed, state)
            states.append(state)
            share = torch.bincount(chosen[mask].view(-1), minlength=experts) / (2 * mask.sum())
            balance = balance + experts * (share * scores[mask].softmax(1).mean(0)).sum() / steps
        logits = torch.stack(states) @ p["readOut"] + p["readOutBias"]
        expected = answers.expand(steps, *answers.shape).reshape(-1)
        return functional.cross_entropy(logits.view(-1, 10), expected) + importance * balance

    def run():
        optimiser.zero_grad()
        loss = loss_of()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(p.values(), 1)
        optimiser.step()
        return loss.detach()

    return run


serve({"matmul": matmul, "mlp": mlp, "updates": updates, "automaton": automaton, "training": training})
