"""The NanoLogic decoder in plain PyTorch, written from its description: dense masks, explicit softmax maps, rotation by complex numbers."""

import torch
import torch.nn.functional as F


def rms(x, weight, eps):
    return x * (x.pow(2).mean(-1, keepdim=True) + eps).rsqrt() * weight


def rotate_pairs(x, base):
    """Pairs (x_2i, x_2i+1) by position * base^(-2i/D); x is [B, T, heads, D]."""
    width = x.shape[-1]
    angles = torch.outer(torch.arange(x.shape[1]).double(), base ** (-torch.arange(0, width, 2).double() / width))
    turns = torch.polar(torch.ones_like(angles), angles)[:, None, :]
    return torch.view_as_real(torch.view_as_complex(x.double().unflatten(-1, (-1, 2)).contiguous()) * turns).flatten(-2).to(x.dtype)


def softmax_map(q, k, cap):
    """[B, H, T, T], causal."""
    scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
    if cap is not None:
        scores = cap * torch.tanh(scores / cap)
    hidden = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(hidden, float("-inf")).softmax(-1)


def attention(x, w, config):
    batch, time, _ = x.shape
    heads, kv_heads = config["heads"], config["kvHeads"]
    kind, cap = config["attention"]["type"], config["attention"].get("cap")
    width = w["value.weight"].shape[0] // kv_heads
    eps, base = config["queryKeyNorm"]["eps"], config["positions"]["base"]
    q = F.linear(x, w["query.weight"]).view(batch, time, -1, width)
    k = F.linear(x, w["key.weight"]).view(batch, time, -1, width)
    v = F.linear(x, w["value.weight"]).view(batch, time, kv_heads, width).repeat_interleave(heads // kv_heads, 2).transpose(1, 2)
    q = rotate_pairs(rms(q, w["queryNorm.weight"], eps), base).unflatten(2, (heads, 2))
    k = rotate_pairs(rms(k, w["keyNorm.weight"], eps), base)
    if kind == "differentialScalar":
        k = k.unflatten(2, (kv_heads, 2)).repeat_interleave(heads // kv_heads, 2)
        keys, factor = (k[:, :, :, 0], k[:, :, :, 1]), w["kernel.lambda"]
    else:
        k = k.repeat_interleave(heads // kv_heads, 2)
        keys, factor = (k, k), torch.sigmoid(F.linear(x, w["kernel.lambda.weight"])).transpose(1, 2)[..., None]
    first, second = (softmax_map(q[:, :, :, i].transpose(1, 2), keys[i].transpose(1, 2), cap) for i in (0, 1))
    mixed = (first - factor * second) @ v
    return F.linear(mixed.transpose(1, 2).reshape(batch, time, heads * width), w["output.weight"])


def feed_forward(x, w):
    up = F.linear(x, w["up.weight"])
    return F.linear(F.silu(F.linear(x, w["gate.weight"])) * up + w["gateResidual"] * up, w["down.weight"])


def below(w, prefix):
    return {name.removeprefix(prefix): value for name, value in w.items() if name.startswith(prefix)}


def nanologic(w, ids, config):
    eps, layers = config["norm"]["eps"], config["layers"]
    residual = config["residual"]["type"]
    alpha = 1.0 if residual == "prenorm" else (2 * layers) ** 0.25
    keep = torch.ones(config["vocabSize"], 1, dtype=w["embedding.weight"].dtype)
    keep[config["paddingToken"]] = 0
    table = w["embedding.weight"] * keep
    x = table[ids] * config["width"] ** 0.5
    for layer in range(layers):
        b = below(w, f"blocks.{layer}.")
        for norm, branch in (
            (b["attentionNorm.weight"], lambda y: attention(y, below(b, "attention."), config)),
            (b["mlpNorm.weight"], lambda y: feed_forward(y, below(b, "mlp."))),
        ):
            if residual == "deepnorm":
                x = rms(alpha * x + branch(x), norm, eps)
            else:
                x = alpha * x + branch(rms(x, norm, eps))
    logits = F.linear(rms(x, w["norm.weight"], eps), table) * w["headScale"]
    cap = config["logitSoftCap"]
    return cap * torch.tanh(logits / cap)


def main(request):
    from safetensors.torch import load_file

    files = load_file(request["file"])
    logits = nanologic(below(files, "model."), files["ids"], request["config"])
    return {"difference": (logits - files["logits"]).abs().max().item(), "largest": logits.abs().max().item()}


if __name__ == "__main__":
    from exchange import answer, receive

    answer(main(receive()))
