"""The work of the benchmarks in JAX, compiled, steps in a scan; all experts for all cells, hidden by gates of 0."""
import jax
from jax import numpy as jnp

from serve import arrays, numbers, perceptron, residual, serve


def matmul(m, n, k):
    a, b = jnp.asarray(numbers((m, k), 1, 21)), jnp.asarray(numbers((k, n), 1, 22))
    product = jax.jit(jnp.matmul)
    return lambda: product(a, b)[0, 0]


def adam(params, moments, grads, turn, rate, beta2, decay=0.0):
    first = jax.tree_util.tree_map(lambda m, g: 0.9 * m + 0.1 * g, moments[0], grads)
    second = jax.tree_util.tree_map(lambda v, g: beta2 * v + (1 - beta2) * g * g, moments[1], grads)

    def move(w, m, v):
        return w - rate * (m / (1 - 0.9**turn) / (jnp.sqrt(v / (1 - beta2**turn)) + 1e-8) + decay * w)

    return jax.tree_util.tree_map(move, params, first, second), (first, second)


def trained(step, params):
    """Repeats a step of training, whose state stays here."""
    nothing = jax.tree_util.tree_map(jnp.zeros_like, params)
    state, turn = (params, (nothing, nothing)), 0

    def run():
        nonlocal state, turn
        turn += 1
        state, loss = jax.block_until_ready(step(state, jnp.float32(turn)))
        return loss

    return run


def mlp():
    x, targets, weights = perceptron()

    def loss_of(p):
        logits = jax.nn.relu(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]
        return -(jax.nn.log_softmax(logits) * targets).sum() / 256

    @jax.jit
    def step(state, turn):
        loss, grads = jax.value_and_grad(loss_of)(state[0])
        return adam(*state, grads, turn, 1e-3, 0.999), loss

    return trained(step, {name: jnp.asarray(w) for name, w in weights.items()})


def updates(backward):
    start, target, weights = residual()

    def loss_of(p):
        def update(s, _):
            near = jnp.concatenate([jnp.roll(s, 1, 1), s, jnp.roll(s, -1, 1)], 2)
            return s + jax.nn.relu(near @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"], None

        s, _ = jax.lax.scan(update, jnp.asarray(start), None, 20)
        return jnp.mean((s - target) ** 2)

    run = jax.jit(jax.value_and_grad(loss_of) if backward else lambda p: (loss_of(p), ()))
    params = {name: jnp.asarray(w) for name, w in weights.items()}
    return lambda: jax.block_until_ready(run(params))[0]


def ask(p, state, inputs):
    experts, seen, hidden = p["w1"].shape
    view = jnp.pad(state + inputs, ((0, 0), (1, 1), (0, 0)))
    near = jnp.concatenate([view[:, :-2], view[:, 1:-1], view[:, 2:]], 2).reshape(-1, seen)
    scores = near @ p["router"] + p["routerBias"]
    best, chosen = jax.lax.top_k(scores, 2)
    gates = (jax.nn.one_hot(chosen, experts) * jax.nn.softmax(best)[:, :, None]).sum(1)
    neurons = jax.nn.relu(near @ p["w1"].transpose(1, 0, 2).reshape(seen, -1) + p["b1"].reshape(-1))
    weighed = (neurons.reshape(-1, experts, hidden) * gates[:, :, None]).reshape(-1, experts * hidden)
    mixed = jnp.tanh(weighed @ p["w2"].reshape(experts * hidden, -1) + gates @ p["b2"])
    return mixed.reshape(state.shape), scores, chosen


def automaton(path):
    p = {name: jnp.asarray(w) for name, w in arrays(path).items()}
    problems, cells, _ = p["inputs"].shape

    @jax.jit
    def roll(weights, inputs, masks):
        def step(state, mask):
            return jnp.where(mask[:, :, None], ask(weights, state, inputs)[0], state), None

        return jnp.abs(jax.lax.scan(step, jnp.zeros_like(inputs), masks)[0]).sum()

    masks = p["masks"].reshape(-1, problems, cells) != 0
    chunks = [(p["inputs"][at : at + 500], masks[:, at : at + 500]) for at in range(0, problems, 500)]
    return lambda: sum(float(roll(p, *chunk)) for chunk in chunks) / p["inputs"].size


def training(path):
    given = {name: jnp.asarray(w) for name, w in arrays(path).items()}
    a, b, answers, masks = given.pop("a"), given.pop("b"), given.pop("answers"), given.pop("masks") != 0
    given.pop("inputs")
    importance = given.pop("balance")[0]
    experts = len(given["w1"])

    def loss_of(p):
        inputs = p["table"][a] + p["table"][b] + p["positions"]

        def step(state, mask):
            mixed, scores, chosen = ask(p, state, inputs)
            fired = mask.sum()
            share = (jax.nn.one_hot(chosen, experts).sum(1) * mask[:, None]).sum(0) / (2 * fired)
            chances = (jax.nn.softmax(scores) * mask[:, None]).sum(0) / fired
            state = jnp.where(mask.reshape(*a.shape, 1), mixed, state)
            return state, (state, experts * (share * chances).sum())

        _, (states, balance) = jax.lax.scan(step, jnp.zeros_like(inputs), masks)
        logs = jax.nn.log_softmax(states @ p["readOut"] + p["readOutBias"])
        right = jnp.take_along_axis(logs, jnp.broadcast_to(answers, logs.shape[:-1])[..., None], -1)
        return -right.mean() + importance * balance.mean()

    @jax.jit
    def step(state, turn):
        loss, grads = jax.value_and_grad(loss_of)(state[0])
        norm = jnp.sqrt(sum((g * g).sum() for g in jax.tree_util.tree_leaves(grads)))
        clipped = jax.tree_util.tree_map(lambda g: g * jnp.minimum(1, 1 / norm), grads)
        return adam(*state, clipped, turn, 0.003, 0.99, 0.05), loss

    return trained(step, given)


serve({"matmul": matmul, "mlp": mlp, "updates": updates, "automaton": automaton, "training": training})
