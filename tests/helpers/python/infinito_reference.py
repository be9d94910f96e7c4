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


def least_squares(x):
    """What is added to squared lengths of differences, [B, 1]: the rounding of equal states counts as nothing."""
    return torch.finfo(x.dtype).eps * x[:, 0].detach().square().sum(-1, keepdim=True)


def prefix_quarters(x, t):
    """C2: the mean |cos| of pairs of quarter means, measured from the mean of the prefix."""
    if t < 4:
        return x.new_full((x.shape[0],), 0.5)
    centre, least = x[:, :t].mean(1), least_squares(x)
    means = [x[:, j * t // 4 : (j + 1) * t // 4].mean(1) - centre for j in range(4)]
    means = [y / (y.square().sum(-1, keepdim=True) + least).sqrt() for y in means]
    pairs = [(means[a] * means[b]).sum(-1).abs() for a in range(4) for b in range(a + 1, 4)]
    return torch.stack(pairs).mean(0)


def prefix_participation(x, t, projection):
    """C3: how many of the projected dimensions take part in the variance."""
    y = x[:, :t] @ projection
    if t < 2:
        return x.new_full((x.shape[0],), 1 / y.shape[-1])
    added = least_squares(y).squeeze(1) ** 2
    y = y - y.mean(1, keepdim=True)
    covariance = y.transpose(1, 2) @ y / t
    trace = covariance.diagonal(dim1=1, dim2=2).sum(-1)
    return (trace**2 + added) / (y.shape[-1] * (covariance.square().sum((1, 2)) + added))


def entropy(p):
    """−Σ p ln p, whose gradient stays finite where nothing is seen."""
    return -(p * torch.where(p > 0, p, torch.ones_like(p)).log()).sum(-1)


def prefix_entropy(maps, t):
    """C4: the mean of H / ln i over rows 2 … t of all heads of all layers given."""
    if t < 2:
        return maps[0].new_full((maps[0].shape[0],), 0.5)
    rows = torch.cat(maps, dim=1)[:, :, 1:t]
    entropies = entropy(rows)
    return (entropies / torch.arange(2, t + 1, dtype=entropies.dtype).log()).mean((1, 2))


def head_coherence(weights):
    """1 − the mean Jensen-Shannon divergence of pairs of heads over ln 2, at each position."""
    heads = range(weights.shape[1])
    pairs = [entropy((weights[:, a] + weights[:, b]) / 2) - (entropy(weights[:, a]) + entropy(weights[:, b])) / 2
             for a in heads for b in heads if a < b]
    return 1 - torch.stack(pairs).mean(0) / math.log(2)


def components_at(x, maps, projection, ends):
    """The four components at prefixes of some lengths, [B, J, 4]."""
    return torch.stack([torch.stack([prefix_cosines(x, t), prefix_quarters(x, t), prefix_participation(x, t, projection),
                                     prefix_entropy(maps, t)], -1) for t in ends], 1)


def linear(x, w, name):
    return F.linear(x, w[f"{name}.weight"], w.get(f"{name}.bias"))


def below(w, prefix):
    return {name.removeprefix(prefix): value for name, value in w.items() if name.startswith(prefix)}


def normed(x, w, name):
    return F.layer_norm(x, x.shape[-1:], w[f"{name}.weight"], w[f"{name}.bias"])


def block(x, w, heads, rotary, base):
    """A pre-norm block; also its causal attention maps, [B, H, T, T]."""
    batch, time, width = x.shape
    split = lambda y: y.view(batch, time, heads, width // heads).transpose(1, 2)
    h = normed(x, w, "attentionNorm")
    q, k, v = (split(linear(h, w, f"attention.{name}")) for name in ("query", "key", "value"))
    if rotary:
        q, k = rotated(q, base), rotated(k, base)
    unseen = torch.ones(time, time, dtype=torch.bool).triu(1)
    maps = (q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5).masked_fill(unseen, float("-inf")).softmax(-1)
    x = x + linear((maps @ v).transpose(1, 2).reshape(batch, time, width), w, "attention.output")
    return x + linear(F.gelu(linear(normed(x, w, "mlpNorm"), w, "mlp.up")), w, "mlp.down"), maps


def chunk_summaries(x, pool, length):
    """s_j: the states of each chunk, weighted by softmax(u·x / √d), [B, J, C]."""
    chunks = x.unflatten(1, (-1, length))
    return (((chunks * pool).sum(-1) / x.shape[-1] ** 0.5).softmax(-1).unsqueeze(-1) * chunks).sum(2)


def received(maps, length, whole):
    """a_j: what a query gives the keys of chunk j, averaged over heads, layers and the queries that see the chunk."""
    mean = torch.cat(maps, 1).mean(1)  # B T T
    time = mean.shape[-1]
    spans = [(start, time if whole else start + length) for start in range(0, time, length)]
    return torch.stack([mean[:, start:end, start : start + length].sum(-1).mean(1) for start, end in spans], 1)


def priorities(phi, attention, stats, share):
    """p_j from phi, standardised by the statistics of earlier steps, and received attention."""
    mean, deviation = stats
    return share * torch.sigmoid((phi - mean) / (deviation + 1e-6)) + (1 - share) * attention


def strengths(priority, threshold, config):
    """ẑ_j: the write gate, as the mode of writing says."""
    z = torch.sigmoid((priority - threshold) / config["writeTemperature"])
    hard = (z > 0.5).to(z.dtype)
    return {"soft": z, "hard": hard, "straightThrough": hard + z - z.detach()}[config["writeMode"]]


def standard_scores(phi, visible):
    """phi less its mean over its deviation among what a position sees, [B, T, M]; 0 where it sees fewer than two.

    1e-4 is added to the variance: spreads of phi below 0.01 are to say little.
    """
    seen = visible.to(phi.dtype)
    count = seen.sum(-1, keepdim=True)
    mean = (phi.unsqueeze(1) * seen).sum(-1, keepdim=True) / count.clamp(min=1)
    centred = (phi.unsqueeze(1) - mean) * seen
    variance = centred.square().sum(-1, keepdim=True) / count.clamp(min=1)
    return torch.where(count >= 2, centred / (variance + 1e-4).sqrt(), torch.zeros_like(centred))


def read(queries, table, visible, ages, w, top_k):
    """Σ w ẑ v over the highest scores and an empty entry, [B, T, C]."""
    beta, gamma = torch.sigmoid(w["phiShare"]), F.softplus(w["ageDecay"])
    scores = (1 - beta) * (queries @ table["keys"].transpose(1, 2)) / queries.shape[-1] ** 0.5
    scores = scores + beta * standard_scores(table["phi"], visible) - gamma * torch.log1p(ages.to(scores.dtype))
    scores = scores.masked_fill(~visible, float("-inf"))
    if scores.shape[-1] > top_k:
        lowest = scores.topk(top_k, -1).values[..., -1:]
        scores = scores.masked_fill(scores < lowest, float("-inf"))
    none = w["nullScore"].expand(*scores.shape[:2], 1)
    weights = torch.cat([none, scores], -1).softmax(-1)[..., 1:]
    return (weights * table["strength"].unsqueeze(1)) @ table["values"]


def gates(x, w):
    """g_t = σ(W₂ GELU(W₁x + b₁) + b₂), or one number for all."""
    if "hiddenWeight" not in w:
        return torch.sigmoid(w["outputBias"])
    hidden = F.gelu(F.linear(x, w["hiddenWeight"], w["hiddenBias"]))
    return torch.sigmoid(F.linear(hidden, w["outputWeight"], w["outputBias"]))


def merge(slots, chunks, now, config):
    """The N entries of highest p·exp(−age/τ) + 0.1·exp(−age/100) among slots and chunks that passed."""
    table = {name: torch.cat([slots[name], chunks[name]], 1) for name in chunks}
    age = (now - table["birth"]).to(table["priority"].dtype)
    decay = config["decayChunks"]
    faded = table["priority"] * torch.exp(-age / decay) if decay > 0 else table["priority"]
    value = (faded + 0.1 * torch.exp(-age / 100)).detach().masked_fill(~table["occupied"], float("-inf"))
    index = value.topk(min(config["slots"], value.shape[1]), 1).indices
    pick = lambda part: part.gather(1, index.reshape(*index.shape, *[1] * (part.ndim - 2)).expand(-1, -1, *part.shape[2:]))
    return {name: pick(part) for name, part in table.items()}


class Statistics:
    """The running mean and variance of phi: the mean of the first hundred updates, then one that forgets by 1 %."""

    def __init__(self, mean, variance, updates):
        self.mean, self.variance, self.updates = mean, variance, updates

    def update(self, phi):
        rate = max(1 / (self.updates + 1), 0.01)
        self.mean = self.mean + rate * (phi.mean() - self.mean)
        self.variance = self.variance + rate * (phi.var(unbiased=False) - self.variance)
        self.updates += 1


def shortfall(embedded, x, maps, ends, w, margin):
    """relu(φ of token vectors and first attention + margin − φ of states), the weights held fixed, [B, J]."""
    weights = w["phiLogits"].softmax(0).detach()
    phi = lambda states, attention: components_at(states, attention, w["projection"], ends) @ weights
    return (phi(embedded, maps[:1]) + margin - phi(x, maps)).relu()


def memory_layer(x, maps, slots, first, w, config, statistics):
    """Reads slots and finished chunks into x [B, T, C] of one segment; also the slots after it, and phi [B, J]."""
    length, (batch, time, _) = config["chunkLength"], x.shape
    ends = range(length, time + 1, length)
    phi = components_at(x, maps, w["projection"], ends) @ w["phiLogits"].softmax(0)
    summaries = chunk_summaries(x, w["pooling"], length)
    stats, share = (statistics.mean, statistics.variance.sqrt()), config["priority"]["share"]
    admit = lambda attention: (p := priorities(phi, attention, stats, share),
                               strengths(p, torch.sigmoid(w["threshold"]), config))
    numbers = first + torch.arange(len(ends))
    priority, strength = admit(received(maps, length, whole=False))
    chunks = {"keys": linear(summaries, w, "key"), "values": linear(summaries, w, "value"), "strength": strength,
              "priority": priority, "phi": phi, "birth": numbers.expand(batch, -1),
              "occupied": torch.ones(phi.shape, dtype=torch.bool)}

    table = {name: torch.cat([slots[name], part], 1) for name, part in chunks.items()} if slots else chunks
    chunk_of = first + torch.arange(time) // length
    ages = chunk_of[None, :, None] - table["birth"][:, None, :]  # B T M
    visible = table["occupied"][:, None, :] & (ages > 0)
    mixed = linear(read(linear(x, w, "query"), table, visible, ages.clamp(min=0), w, config["topK"]), w, "output")
    y = x + gates(x, below(w, "gate.")) * mixed

    priority, strength = admit(received(maps, length, whole=True))
    passed = {**chunks, "priority": priority, "strength": strength, "occupied": strength > 0.5}
    empty = {name: part[:, :0] for name, part in chunks.items()}
    merged = merge(slots or empty, passed, first + len(ends), config)
    return y, merged, phi


def mixed(x):
    """32 bits of each integer, mixed by shifts and two multiplications."""
    low = lambda value: value & 0xFFFFFFFF
    x = low(x)
    x = low((x ^ (x >> 16)) * 0x7FEB352D)
    x = low((x ^ (x >> 15)) * 0x846CA68B)
    return x ^ (x >> 16)


def noise(shape, seed, passes, place):
    """Normal numbers of a seed, the number of a pass and a place in it: cosines, then sines, of hashed angles."""
    key = mixed(mixed(mixed(seed) + passes) + place)
    numel = math.prod(shape)
    half = -(-numel // 2)
    bits = mixed(mixed(torch.arange(2 * half)) + key).double()
    radius = (-2 * ((bits[:half] + 0.5) / 2**32).log()).sqrt()
    angle = 2 * math.pi * bits[half:] / 2**32
    return torch.cat([radius * angle.cos(), radius * angle.sin()])[:numel].reshape(shape)


def infinito(w, ids, config, statistics, training=True, remembers=True, terms=None):
    """Logits [B, T, V] of rows of whole segments, each row a stream from its start; terms gets what ΔPhi adds."""
    size, settings = config["segmentLength"], config["memory"]
    layer = settings.get("layer") or -(-config["layers"] // 2)
    rotary = config["positions"]["type"] == "rotary"
    slots, outputs, first, phis, short = None, [], 0, [], []
    for start in range(0, ids.shape[1], size):
        x = F.embedding(ids[:, start : start + size], w["embedding.weight"])
        if not rotary:
            x = x + w["positions.weight"][:size]
        embedded, maps = x, []
        for index in range(config["layers"]):
            x, attention = block(x, below(w, f"blocks.{index}."), config["heads"], rotary, config["positions"].get("base"))
            maps.append(attention)
            if training and config["noise"]["type"] != "none":
                drawn = noise(x.shape, w["noise.seed"], w["noise.passes"], start * config["layers"] + index)
                x = x + w["noise.scale"] * drawn.to(x.dtype)
            if index + 1 == layer:
                if terms is not None and settings["objective"]["type"] == "deltaPhi":
                    ends = range(settings["chunkLength"], size + 1, settings["chunkLength"])
                    short.append(shortfall(embedded, x, maps, ends, below(w, "memory."), settings["objective"]["margin"]))
                x, slots, phi = memory_layer(x, maps, slots, first, below(w, "memory."), settings, statistics)
                phis.append(phi.detach())
        first += size // settings["chunkLength"]
        slots = detach_old(slots, first, config["memoryBptt"] * size // settings["chunkLength"]) if remembers else None
        outputs.append(normed(x, w, "norm"))
    if training:
        statistics.update(torch.cat(phis, 1))
        if "noise.passes" in w:
            w["noise.passes"] += 1
    if short:
        terms["deltaPhi"] = settings["objective"]["weight"] * torch.cat(short, 1).mean()
        terms["phiEntropy"] = -settings["objective"]["entropy"] * entropy(w["memory.phiLogits"].softmax(0))
    return F.linear(torch.cat(outputs, 1), w.get("head.weight", w["embedding.weight"]))


def detach_old(slots, now, most):
    """Entries written more than some chunks ago pass no gradient on."""
    young = now - slots["birth"] <= most
    mask = lambda part: young.reshape(*young.shape, *[1] * (part.ndim - 2))
    return {name: torch.where(mask(part), part, part.detach()) if part.is_floating_point() else part
            for name, part in slots.items()}
