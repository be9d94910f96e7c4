"""Our operators in Python, and the plain PyTorch formulas that they must agree with."""

import torch
import torch.nn.functional as F

ops = torch.ops.palabra


def load(path: str) -> None:
    """Registers the operators of libpalabra_ops.so."""
    torch.ops.load_library(path)


def rms_norm(x, weight, eps):
    """Statistics in float32 (float64 for float64), one rounding at the end."""
    wide = torch.float64 if x.dtype == torch.float64 else torch.float32
    y = x.to(wide)
    y = y * torch.rsqrt(y.square().mean(-1, keepdim=True) + eps)
    return (y if weight is None else y * weight.to(wide)).to(x.dtype)


def swiglu(gate, up):
    """silu(gate) * up, rounded once."""
    wide = torch.float64 if gate.dtype == torch.float64 else torch.float32
    return (torch.nn.functional.silu(gate.to(wide)) * up.to(wide)).to(gate.dtype)


def rotary(x, cos, sin):
    """Half-split rotation of x (B H T D)."""
    wide = torch.float64 if x.dtype == torch.float64 else torch.float32
    if cos.dim() == 3:
        cos, sin = cos.unsqueeze(1), sin.unsqueeze(1)
    first, second = x.to(wide).chunk(2, -1)
    return torch.cat((first * cos - second * sin, second * cos + first * sin), -1).to(x.dtype)


def linear_cross_entropy(x, weight, bias, targets, ignore_index=-100, label_smoothing=0.0, z_loss=0.0):
    """The whole logits in float32 (float64 for float64): the sum of the losses and the count."""
    wide = torch.float64 if x.dtype == torch.float64 else torch.float32
    logits = F.linear(x.to(wide), weight.to(wide), None if bias is None else bias.to(wide))
    logits, flat = logits.reshape(-1, logits.shape[-1]), targets.reshape(-1)
    kept = flat != ignore_index
    loss = F.cross_entropy(logits[kept], flat[kept], reduction="sum", label_smoothing=label_smoothing)
    return loss + z_loss * logits[kept].logsumexp(-1).square().sum(), kept.sum()
