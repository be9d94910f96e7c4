"""Rebuilds a language model in PyTorch from its stored weights and trains it on the same batches."""

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

from exchange import answer, receive
from layers_reference import attention, lstm


def norm(x, w, name, config):
    if config["norm"]["type"] == "rms":
        return F.rms_norm(x, x.shape[-1:], w[f"{name}.weight"], config["norm"]["eps"])
    return F.layer_norm(x, x.shape[-1:], w[f"{name}.weight"], w.get(f"{name}.bias"), config["norm"]["eps"])


def linear(x, w, name):
    return F.linear(x, w[f"{name}.weight"], w.get(f"{name}.bias"))


def mlp(x, w, kind):
    if kind == "swiglu":
        return linear(F.silu(linear(x, w, "gate")) * linear(x, w, "up"), w, "down")
    up = linear(x, w, "up")
    return linear(F.gelu(up) if kind == "gelu" else F.relu(up) ** 2, w, "down")


def below(w, prefix):
    return {name.removeprefix(prefix): value for name, value in w.items() if name.startswith(prefix)}


def gpt(w, ids, config):
    x = F.embedding(ids, w["embedding.weight"])
    rotary = config["positions"]["type"] == "rotary"
    if not rotary:
        x = x + w["positions.weight"][: ids.shape[1]]
    heads = config["heads"]
    for layer in range(config["layers"]):
        b = below(w, f"blocks.{layer}.")
        x = x + attention(norm(x, b, "attentionNorm", config), below(b, "attention."), heads,
                          config.get("kvHeads", heads), rotary)
        x = x + mlp(norm(x, b, "mlpNorm", config), below(b, "mlp."), config["mlp"]["type"])
    return F.linear(norm(x, w, "norm", config), w.get("head.weight", w["embedding.weight"]))


def lstm_model(w, ids, config):
    x = lstm(F.embedding(ids, w["embedding.weight"]), below(w, "lstm."), config["layers"])
    if config["tied"]:
        x = linear(x, w, "projection")
    return F.linear(x, w.get("head.weight", w["embedding.weight"]), w["head.bias"])


def train(request):
    start, batches = load_file(request["start"]), load_file(request["batches"])
    w = {name: value.clone().requires_grad_(True) for name, value in start.items()}
    forward = {"gpt": gpt, "lstm": lstm_model}[request["kind"]]
    settings = request["optimizer"]
    groups = [
        {"params": [p for p in w.values() if p.ndim >= 2], "weight_decay": settings["weightDecay"]},
        {"params": [p for p in w.values() if p.ndim < 2], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, betas=tuple(settings["betas"]))
    losses, norms = [], []
    for index, rate in enumerate(settings["learningRates"]):
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.zero_grad()
        logits = forward(w, batches["inputs"][index], request["config"])
        loss = F.cross_entropy(logits.flatten(0, 1), batches["targets"][index].flatten(),
                               label_smoothing=settings["labelSmoothing"])
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(w.values(), settings["clipNorm"]).item())
        optimizer.step()
        losses.append(loss.item())
    end = load_file(request["end"])
    # A key bias has an exact gradient of 0: Adam makes steps of its rounding, which nothing depends on.
    compared = {name: value for name, value in w.items() if not name.endswith("key.bias")}
    off = {name: ((end[name] - value).norm() / value.norm()).item() for name, value in compared.items()}
    return {"losses": losses, "norms": norms, "weights": off}


torch.set_num_threads(2)
answer(train(receive()))
