"""Layers in plain PyTorch, over a dictionary of weights."""

import torch
import torch.nn.functional as F


def rotated(x, base=10_000.0):
    """Rotary positions 0 … T − 1 with complex numbers: pair i is (i, i + D/2)."""
    time, half = x.shape[-2], x.shape[-1] // 2
    frequencies = base ** (-torch.arange(half, dtype=torch.float64) / half)
    angles = torch.outer(torch.arange(time, dtype=torch.float64), frequencies)
    turned = torch.complex(x[..., :half].double(), x[..., half:].double()) * torch.polar(torch.ones_like(angles), angles)
    return torch.cat([turned.real, turned.imag], dim=-1).to(x.dtype)


def attention(x, w, heads, kv_heads, rotary, norm_eps=None, cap=None, first_values=None):
    """Causal attention with explicit weights; `first_values` are mixed into its own by w["valueShares"]."""
    return attention_and_values(x, w, heads, kv_heads, rotary, norm_eps, cap, first_values)[0]


def attention_and_values(x, w, heads, kv_heads, rotary, norm_eps=None, cap=None, first_values=None):
    """The same, and its own values."""
    batch, time, width = x.shape
    split = lambda y, count: y.view(batch, time, count, width // heads).transpose(1, 2)
    q, k, v = (split(F.linear(x, w[f"{name}.weight"], w.get(f"{name}.bias")), count)
               for name, count in [("query", heads), ("key", kv_heads), ("value", kv_heads)])
    own = v
    if norm_eps is not None:
        q, k = (F.rms_norm(y, y.shape[-1:], w[f"{name}Norm.weight"], norm_eps) for y, name in ((q, "query"), (k, "key")))
    if rotary:
        q, k = rotated(q), rotated(k)
    if first_values is not None:
        v = w["valueShares"][0] * v + w["valueShares"][1] * first_values
    k, v = (y.repeat_interleave(heads // kv_heads, dim=1) for y in (k, v))
    scores = q @ k.transpose(-2, -1) / (width // heads) ** 0.5
    if cap is not None:
        scores = cap * torch.tanh(scores / cap)
    hidden = torch.ones(time, time, dtype=torch.bool).triu(1)
    mixed = scores.masked_fill(hidden, float("-inf")).softmax(-1) @ v
    return F.linear(mixed.transpose(1, 2).reshape(batch, time, width), w["output.weight"], w.get("output.bias")), own


def lstm(x, w, layers):
    """nn.LSTM with the weights of the layers."""
    first = w["layers.0.hiddenWeight"]
    module = torch.nn.LSTM(x.shape[-1], first.shape[1], layers, batch_first=True)
    names = ["inputWeight", "hiddenWeight", "inputBias", "hiddenBias"]
    flat = [w[f"layers.{layer}.{name}"] for layer in range(layers) for name in names]
    state = {name: value for name, value in zip(module._flat_weights_names, flat, strict=True)}
    return torch.func.functional_call(module, state, (x,))[0]
