"""Layers in plain PyTorch, over a dictionary of weights."""

import math

import torch
import torch.nn.functional as F


def rotated(x, base=10_000.0):
    """Rotary positions 0 … T − 1 with complex numbers: pair i is (i, i + D/2)."""
    time, half = x.shape[-2], x.shape[-1] // 2
    frequencies = base ** (-torch.arange(half, dtype=torch.float64) / half)
    angles = torch.outer(torch.arange(time, dtype=torch.float64), frequencies)
    turned = torch.complex(x[..., :half].double(), x[..., half:].double()) * torch.polar(torch.ones_like(angles), angles)
    return torch.cat([turned.real, turned.imag], dim=-1).to(x.dtype)


def attention(x, w, heads, kv_heads, rotary, norm_eps=None, kind=None, layer=0, first_values=None):
    """Causal attention with explicit weights; `first_values` are mixed into its own by w["valueLambda"]."""
    return attention_and_values(x, w, heads, kv_heads, rotary, norm_eps, kind, layer, first_values)[0]


def softmax_maps(q, k, cap=None, window=None):
    """The causal weights of every query over the keys."""
    time = q.shape[-2]
    scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
    if cap is not None:
        scores = cap * torch.tanh(scores / cap)
    hidden = torch.ones(time, time, dtype=torch.bool).triu(1)
    if window is not None:
        hidden |= torch.ones(time, time, dtype=torch.bool).tril(-window)
    return scores.masked_fill(hidden, float("-inf")).softmax(-1)


def differential(q, k, v, w, heads, layer, eps):
    """Per head, as in the paper: (A1 - lambda A2) V, its own norm, and the factor 1 - lambda_init."""
    initial = 0.8 - 0.6 * math.exp(-0.3 * layer)
    dot = lambda number: (w[f"kernel.lambdaQ{number}"] * w[f"kernel.lambdaK{number}"]).sum()
    factor = dot(1).exp() - dot(2).exp() + initial
    outputs = []
    for head in range(heads):
        first, second = (softmax_maps(q[:, part], k[:, part]) for part in (head, heads + head))
        mixed = (first - factor * second) @ v[:, head]
        outputs.append(F.rms_norm(mixed, mixed.shape[-1:], w["kernel.norm.weight"], eps) * (1 - initial))
    return torch.stack(outputs, dim=1)


def attention_and_values(x, w, heads, kv_heads, rotary, norm_eps=None, kind=None, layer=0, first_values=None):
    """The same, and its own values; `kind` is the configuration of the kernel, `layer` its index from 0."""
    batch, time, width = x.shape
    kind = kind or {"type": "softmax"}
    maps = 2 if kind["type"] == "differential" else 1
    split = lambda y, count: y.view(batch, time, count, y.shape[-1] // count).transpose(1, 2)
    q, k, v = (split(F.linear(x, w[f"{name}.weight"], w.get(f"{name}.bias")), count)
               for name, count in [("query", maps * heads), ("key", maps * kv_heads), ("value", kv_heads)])
    own = v
    if norm_eps is not None:
        q, k = (F.rms_norm(y, y.shape[-1:], w[f"{name}Norm.weight"], norm_eps) for y, name in ((q, "query"), (k, "key")))
    if rotary:
        q, k = rotated(q), rotated(k)
    if first_values is not None:
        v = w["valueLambda"][0] * v + w["valueLambda"][1] * first_values
    k, v = (y.repeat_interleave(heads // kv_heads, dim=1) for y in (k, v))
    if maps == 2:
        mixed = differential(q, k, v, w, heads, layer, kind["eps"])
    elif kind["type"] == "fused":
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    else:
        mixed = softmax_maps(q, k, kind.get("cap"), kind.get("window")) @ v
    return F.linear(mixed.transpose(1, 2).reshape(batch, time, width), w["output.weight"], w.get("output.bias")), own


def lstm(x, w, layers):
    """nn.LSTM with the weights of the layers."""
    first = w["layers.0.hiddenWeight"]
    module = torch.nn.LSTM(x.shape[-1], first.shape[1], layers, batch_first=True)
    names = ["inputWeight", "hiddenWeight", "inputBias", "hiddenBias"]
    flat = [w[f"layers.{layer}.{name}"] for layer in range(layers) for name in names]
    state = {name: value for name, value in zip(module._flat_weights_names, flat, strict=True)}
    return torch.func.functional_call(module, state, (x,))[0]
