"""Computes each layer with PyTorch's own modules and tells how far the results of the test are off."""

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

from exchange import answer, receive
from layers_reference import attention, lstm


FORWARD = {
    "linear": lambda w, x: F.linear(x, w["weight"], w["bias"]),
    "embedding": lambda w, ids: F.embedding(ids, w["weight"]),
    "layerNorm": lambda w, x: F.layer_norm(x, x.shape[-1:], w["weight"], w["bias"]),
    "rmsNorm": lambda w, x: F.rms_norm(x, x.shape[-1:], w["weight"], 1e-6),
    "geluMlp": lambda w, x: F.linear(F.gelu(F.linear(x, w["up.weight"])), w["down.weight"]),
    "reluSquaredMlp": lambda w, x: F.linear(F.relu(F.linear(x, w["up.weight"])) ** 2, w["down.weight"]),
    "swigluMlp": lambda w, x: F.linear(
        F.silu(F.linear(x, w["gate.weight"])) * F.linear(x, w["up.weight"]), w["down.weight"]),
    "attention": lambda w, x: attention(x, w, 4, 4, rotary=False),
    "groupedRotaryAttention": lambda w, x: attention(x, w, 4, 2, rotary=True),
    "differentialAttention": lambda w, x: attention(
        x, w, 4, 2, rotary=True, kind={"type": "differential", "eps": 1e-5}, layer=3),
    "windowAttention": lambda w, x: attention(x, w, 4, 2, rotary=True, kind={"type": "slidingWindow", "window": 3}),
    "lstm": lambda w, x: lstm(x, w, 2),
    "tokenLoss": lambda w, x, targets: F.cross_entropy(x.flatten(0, 1), targets.flatten(), label_smoothing=0.1),
}


def part(tensors, prefix):
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def off(ours, theirs, scale=None):
    """The largest difference over the largest value, of `theirs` or of `scale`."""
    return ((ours - theirs).abs().max() / (theirs if scale is None else scale).abs().max()).item()


def scale_of(name, key, leaves):
    """Without rotation a key bias moves all scores of a query alike: its exact gradient is 0, measured by the query's."""
    return leaves["query.bias"].grad if (name, key) == ("attention", "key.bias") else None


def compare(name, tensors):
    weights, inputs = part(tensors, "weight/"), part(tensors, "input/")
    leaves = {**weights, **{key: value for key, value in inputs.items() if value.is_floating_point()}}
    for leaf in leaves.values():
        leaf.requires_grad_(True)
    output = FORWARD[name](weights, *(inputs[key] for key in sorted(inputs, key=lambda key: key != "x")))
    (output * tensors["direction"]).sum().backward()
    gradients = {
        f"gradient of {key}": off(tensors[f"gradient/{key}"], leaf.grad, scale_of(name, key, leaves))
        for key, leaf in leaves.items()
    }
    return {"output": off(tensors["output"], output.detach()), **gradients}


request = receive()
stored = load_file(request["path"])
answer({name: compare(name, part(stored, f"{name}/")) for name in FORWARD})
