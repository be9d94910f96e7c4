"""Infinito by the reference in plain PyTorch: logits of its stored weights, and its losses while it trains."""

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

from exchange import answer, receive
from infinito_reference import Statistics, infinito

INTEGERS = {"noise.seed", "noise.passes"}
BUFFERS = INTEGERS | {"memory.projection", "memory.phiMean", "memory.phiVariance", "memory.phiUpdates"}


def load(path, dtype):
    """Weights, and the running statistics of phi."""
    convert = lambda name, value: value.clone() if name in INTEGERS else value.to(dtype, copy=True)
    stored = {name: convert(name, value) for name, value in load_file(path).items()}
    statistics = Statistics(stored["memory.phiMean"], stored["memory.phiVariance"], stored["memory.phiUpdates"].item())
    w = {name: value.requires_grad_(name not in BUFFERS) for name, value in stored.items()}
    return w, statistics


def worst(ours, theirs):
    return ((ours - theirs).abs().max() / theirs.abs().max()).item()


def compare_logits(request, batches):
    """Ours beside the reference, beside one that forgets at each end of a segment, and one whose gate is shut."""
    w, statistics = load(request["exact"], torch.float64)
    forward = lambda **changes: infinito(w, batches["inputs"][0], request["config"], statistics, training=False, **changes)
    ours = load_file(request["logits"])["logits"]
    with torch.no_grad():
        found = {"logits": worst(ours, forward()), "withoutSlots": worst(ours, forward(remembers=False))}
        w["memory.gate.outputBias"] -= 100
        return {**found, "withoutMemory": worst(ours, forward())}


def train(request, batches):
    w, statistics = load(request["start"], torch.float32)
    settings = request["optimizer"]
    groups = [{"params": [w[name] for name in group["names"]], "weight_decay": group["weightDecay"], "scale": group["scale"]}
              for group in settings["groups"]]
    optimizer = torch.optim.AdamW(groups, betas=tuple(settings["betas"]))
    losses, added = [], []
    for inputs, targets, rate in zip(batches["inputs"], batches["targets"], settings["learningRates"], strict=True):
        for group in optimizer.param_groups:
            group["lr"] = rate * group["scale"]
        optimizer.zero_grad()
        terms = {}
        logits = infinito(w, inputs, request["config"], statistics, terms=terms)
        loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
        (loss + sum(terms.values())).backward()
        torch.nn.utils.clip_grad_norm_([value for value in w.values() if value.requires_grad], settings["maxGradNorm"])
        optimizer.step()
        losses.append(loss.item())
        added.append([terms[name].item() for name in sorted(terms)])
    return {"losses": losses, "terms": added}


torch.set_num_threads(1)
request = receive()
batches = load_file(request["batches"])
answer({**compare_logits(request, batches), **train(request, batches)})
