"""Infinito in plain PyTorch, piece by piece as its design says, over a dictionary of weights."""

import math

import torch
import torch.nn.functional as F

from layers_reference import rotated


def prefix_cosines(x, t):
    """C1: neighbours of the first t states."""
    if t < 2:
        return x.new_full((x.shape[0],), 0.5)
    u = F.normalize(x[:, :t], dim=-1)
    return (1 + (u[:, 1:] * u[:, :-1]).sum(-1).mean(1)) / 2


def prefix_quarters(x, t):
    """C2: the mean |cos| of pairs of quarter means, measured from the mean of the prefix."""
    if t < 4:
        return x.new_full((x.shape[0],), 0.5)
    centre = x[:, :t].mean(1)
    means = [x[:, j * t // 4 : (j + 1) * t // 4].mean(1) - centre for j in range(4)]
    pairs = [F.cosine_similarity(means[a], means[b], dim=-1, eps=1e-30).abs() for a in range(4) for b in range(a + 1, 4)]
    return torch.stack(pairs).mean(0)


def prefix_participation(x, t, projection):
    """C3: how many of the projected dimensions take part in the variance."""
    y = x[:, :t] @ projection
    if t < 2:
        return x.new_full((x.shape[0],), 1 / y.shape[-1])
    y = y - y.mean(1, keepdim=True)
    covariance = y.transpose(1, 2) @ y / t
    trace = covariance.diagonal(dim1=1, dim2=2).sum(-1)
    return trace**2 / (y.shape[-1] * covariance.square().sum((1, 2)))


def prefix_entropy(maps, t):
    """C4: the mean of H / ln i over rows 2 … t of all heads of all layers given."""
    if t < 2:
        return maps[0].new_full((maps[0].shape[0],), 0.5)
    rows = torch.cat(maps, dim=1)[:, :, 1:t]
    entropies = torch.special.entr(rows).sum(-1)
    return (entropies / torch.arange(2, t + 1, dtype=entropies.dtype).log()).mean((1, 2))


def head_coherence(weights):
    """1 − the mean Jensen-Shannon divergence of pairs of heads over ln 2, at each position."""
    entropy = lambda p: torch.special.entr(p).sum(-1)
    heads = range(weights.shape[1])
    pairs = [entropy((weights[:, a] + weights[:, b]) / 2) - (entropy(weights[:, a]) + entropy(weights[:, b])) / 2
             for a in heads for b in heads if a < b]
    return 1 - torch.stack(pairs).mean(0) / math.log(2)


def components_at(x, maps, projection, ends):
    """The four components at prefixes of some lengths, [B, J, 4]."""
    return torch.stack([torch.stack([prefix_cosines(x, t), prefix_quarters(x, t), prefix_participation(x, t, projection),
                                     prefix_entropy(maps, t)], -1) for t in ends], 1)
