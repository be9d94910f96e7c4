"""Rebuilds a language model in PyTorch from its stored weights and trains it on the same batches."""

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

from exchange import answer, receive
from layers_reference import attention_and_values, lstm
from nanologic import nanologic


def norm(x, w, name, config):
    if config["norm"]["type"] == "rms":
        return F.rms_norm(x, x.shape[-1:], w[f"{name}.weight"], config["norm"]["eps"])
    return F.layer_norm(x, x.shape[-1:], w[f"{name}.weight"], w.get(f"{name}.bias"), config["norm"]["eps"])


def linear(x, w, name):
    return F.linear(x, w[f"{name}.weight"], w.get(f"{name}.bias"))


def mlp(x, w, config):
    kind = config["type"]
    if kind == "swiglu":
        return linear(F.silu(linear(x, w, "gate")) * linear(x, w, "up"), w, "down")
    up = linear(x, w, "up")
    return linear(F.gelu(up, approximate=config.get("approximate", "none")) if kind == "gelu" else F.relu(up) ** 2, w, "down")


def below(w, prefix):
    return {name.removeprefix(prefix): value for name, value in w.items() if name.startswith(prefix)}


def sines(time, width, base):
    """Position vectors: sines, then cosines."""
    angles = torch.outer(torch.arange(time).double(), base ** (-torch.arange(0, width, 2).double() / width))
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def gpt(w, ids, config):
    x = F.embedding(ids, w["embedding.weight"])
    positions = config["positions"]
    if positions["type"] == "learned":
        x = x + w["positions.weight"][: ids.shape[1]]
    if positions["type"] == "sinusoidal":
        x = x + sines(ids.shape[1], x.shape[-1], positions["base"]).to(torch.float32).to(x.dtype)
    first, values, heads = x, None, config["heads"]
    for layer in range(config["layers"]):
        b = below(w, f"blocks.{layer}.")
        if "x0Lambda" in b:
            x = b["x0Lambda"][0] * x + b["x0Lambda"][1] * first
        weights = {**below(b, "attention."), **{name: b[name] for name in ["valueLambda"] if name in b}}
        mixed, own = attention_and_values(
            norm(x, b, "attentionNorm", config), weights, heads, config.get("kvHeads", heads),
            positions["type"] == "rotary", config["queryKeyNorm"].get("eps"), config["attention"], layer, values)
        if values is None and config["valueResidual"]["value"]:
            values = own
        x = x + mixed
        x = x + mlp(norm(x, b, "mlpNorm", config), below(b, "mlp."), config["mlp"])
    logits = F.linear(norm(x, w, "norm", config), w.get("head.weight", w["embedding.weight"]))
    cap = config.get("logitSoftCap")
    return logits if cap is None else cap * torch.tanh(logits / cap)


def lstm_model(w, ids, config):
    x = lstm(F.embedding(ids, w["embedding.weight"]), below(w, "lstm."), config["layers"])
    if config["tied"]:
        x = linear(x, w, "projection")
    return F.linear(x, w.get("head.weight", w["embedding.weight"]), w["head.bias"])


def loss_of(w, request, batches, index):
    forward = {"gpt": nanologic if "embeddingScale" in request["config"] else gpt, "lstm": lstm_model}[request["kind"]]
    logits = forward(w, batches["inputs"][index], request["config"])
    smoothing = request["optimizer"]["labelSmoothing"]
    return F.cross_entropy(logits.flatten(0, 1), batches["targets"][index].flatten(), label_smoothing=smoothing)


def train(request, batches, dtype):
    start = load_file(request["start"])
    w = {name: value.to(dtype, copy=True).requires_grad_(True) for name, value in start.items()}
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
        loss = loss_of(w, request, batches, index)
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(w.values(), settings["maxGradNorm"]).item())
        optimizer.step()
        losses.append(loss.item())
    return {name: value.detach() for name, value in w.items()}, losses, norms


def off(value, expected):
    return ((value - expected).norm() / expected.norm()).item()


def free_weights(w, request):
    """Without rotation and norms a key bias moves all scores of a query alike: the model doesn't depend on it."""
    config = request["config"]
    rotary = config.get("positions", {}).get("type") == "rotary"
    normed = config.get("queryKeyNorm", {}).get("type") == "rms"
    return [] if rotary or normed else [name for name in w if name.endswith("key.bias")]


def effect(w, names, request, batches):
    """What the loss owes to these weights, relative, in float64: Adam makes steps of the rounding of their gradient."""
    wide = {name: value.double() for name, value in w.items()}
    without = {name: torch.zeros_like(value) if name in names else value for name, value in wide.items()}
    loss, other = (loss_of(each, request, batches, 0).item() for each in (wide, without))
    return abs(other / loss - 1)


def has_key_biases(w, request):
    return any(name.endswith("key.bias") for name in w) and request["config"]["attention"]["type"] == "softmax"


def with_fused_attention(request):
    """The same training by PyTorch's fused attention, which rounds otherwise than softmax does."""
    return {**request, "config": {**request["config"], "attention": {"type": "fused"}}}


def main(request):
    batches, end = load_file(request["batches"]), load_file(request["end"])
    single, losses, norms = train(request, batches, torch.float32)
    exact, _, _ = train(request, batches, torch.float64)
    free = free_weights(single, request)
    fused = train(with_fused_attention(request), batches, torch.float32)[0] if has_key_biases(single, request) else single
    weights = {
        name: {"peer": off(end[name], value), "exact": off(end[name], exact[name]), "peerExact": off(fused[name], exact[name])}
        for name, value in single.items()
        if name not in free
    }
    return {"losses": losses, "norms": norms, "weights": weights, "free": free, "effect": effect(end, free, request, batches)}


torch.set_num_threads(1)
answer(main(receive()))
