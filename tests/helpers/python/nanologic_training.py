"""Training of a NanoLogic formalizer in plain PyTorch, as one would write it: packed documents, differential attention of the
second version by one call of scaled_dot_product_attention, Muon and AdamW, smoothing of words alone, z-loss."""

import math
import time

import torch
import torch.nn.functional as F
from torch import nn

TEXT = 1  # the label of a target that is a word of the reasoning or of a gloss


def rotate(x, cosines, sines):
    """Adjacent pairs of [B, T, H, D] by angles of [B, T, 1, D/2]."""
    even, odd = x.unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack([even * cosines - odd * sines, even * sines + odd * cosines], -1).flatten(-2)


class Attention(nn.Module):
    """softmax(S₁)V − λ softmax(S₂)V, with λ = σ(Wx) for each token and head, inside documents."""

    def __init__(self, config):
        super().__init__()
        width, self.heads, self.kv_heads = config["width"], config["heads"], config["kvHeads"]
        self.size = width // self.heads
        eps = config["queryKeyNorm"]["eps"]
        self.query = nn.Linear(width, 2 * width, bias=False)
        self.key, self.value = (nn.Linear(width, self.kv_heads * self.size, bias=False) for _ in range(2))
        self.output = nn.Linear(width, width, bias=False)
        self.queryNorm, self.keyNorm = (nn.RMSNorm(self.size, eps) for _ in range(2))
        self.kernel = nn.ModuleDict({"lambda": nn.Linear(width, self.heads, bias=False)})

    def forward(self, x, mask, cosines, sines):
        B, T, _ = x.shape
        share = 2 * self.heads // self.kv_heads
        q = rotate(self.queryNorm(self.query(x).view(B, T, -1, self.size)), cosines, sines)  # both halves of each head
        k = rotate(self.keyNorm(self.key(x).view(B, T, -1, self.size)), cosines, sines).repeat_interleave(share, 2)
        v = self.value(x).view(B, T, -1, self.size).repeat_interleave(share, 2)
        mixed = F.scaled_dot_product_attention(*(each.transpose(1, 2) for each in (q, k, v)), attn_mask=mask)
        first, second = mixed.transpose(1, 2).unflatten(2, (self.heads, 2)).unbind(3)  # B T H D
        factor = torch.sigmoid(self.kernel["lambda"](x))[..., None]
        return self.output((first - factor * second).flatten(2))


class FeedForward(nn.Module):
    """down(SiLU(gate(x)) · up(x) + α · up(x))."""

    def __init__(self, config):
        super().__init__()
        width, hidden = config["width"], config["mlp"]["hiddenWidth"]
        self.gate, self.up = (nn.Linear(width, hidden, bias=False) for _ in range(2))
        self.down = nn.Linear(hidden, width, bias=False)
        self.gateResidual = nn.Parameter(torch.zeros(()))

    def forward(self, x):
        up = self.up(x)
        return self.down((F.silu(self.gate(x)) + self.gateResidual) * up)


class Block(nn.Module):
    """Attention and feed-forward, each behind a norm."""

    def __init__(self, config):
        super().__init__()
        self.attentionNorm, self.mlpNorm = (nn.RMSNorm(config["width"], config["norm"]["eps"]) for _ in range(2))
        self.attention, self.mlp = Attention(config), FeedForward(config)

    def forward(self, x, *places):
        x = x + self.attention(self.attentionNorm(x), *places)
        return x + self.mlp(self.mlpNorm(x))


class NanoLogic(nn.Module):
    """The decoder; its head is its embedding, whose row of padding is 0 for good."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config["vocabSize"], config["width"])
        self.blocks = nn.ModuleList(Block(config) for _ in range(config["layers"]))
        self.norm = nn.RMSNorm(config["width"], config["norm"]["eps"])
        self.headScale = nn.Parameter(torch.ones(()))
        size = config["width"] // config["heads"]
        rates = config["positions"]["base"] ** (-torch.arange(0, size, 2).double() / size)
        angles = torch.outer(torch.arange(config["contextLength"]).double(), rates)
        self.register_buffer("cosines", angles.cos().float(), persistent=False)
        self.register_buffer("sines", angles.sin().float(), persistent=False)
        keep = torch.ones(config["vocabSize"], 1)
        keep[config["paddingToken"]] = 0
        self.register_buffer("keep", keep, persistent=False)

    def forward(self, ids, documents, positions):
        """[B, T, V] before the cap and behind it."""
        T = ids.shape[1]
        same = documents[:, None, :, None] == documents[:, None, None, :]
        mask = same & torch.ones(T, T, dtype=torch.bool).tril()  # B 1 T T
        places = (mask, *(table[positions][:, :, None] for table in (self.cosines, self.sines)))
        table = self.embedding.weight * self.keep
        x = F.embedding(ids, table) * self.config["width"] ** 0.5
        for block in self.blocks:
            x = block(x, *places)
        logits = (F.linear(self.norm(x), table) * self.headScale).float()
        cap = self.config["logitSoftCap"]
        return logits, cap * torch.tanh(logits / cap)


def compute_loss(model, batch, settings):
    """Cross-entropy and z-loss, and beside them what smoothing of the words adds; means over the targets that count."""
    logits, capped = model(batch["inputs"], batch["documents"], batch["positions"])
    counted = batch["targets"] >= 0
    targets, rows = batch["targets"][counted], capped[counted]
    squares = logits[counted].logsumexp(-1).square()
    loss = F.cross_entropy(rows, targets) + settings["zLoss"] * squares.mean()
    if settings["labelSmoothing"] == 0:
        return loss, torch.zeros(())
    words = rows[batch["labels"][counted] == TEXT]
    wanted = words.gather(1, targets[batch["labels"][counted] == TEXT][:, None]).sum()
    spread = words[:, settings["spread"]].mean(-1).sum()
    return loss, settings["labelSmoothing"] * (wanted - spread) / counted.sum()


class Optimizers:
    """torch.optim.Muon for the matrices of the blocks, AdamW for all else."""

    def __init__(self, model, settings):
        w, self.precision = dict(model.named_parameters()), settings["muonPrecision"]
        groups = {muon: [self.group(w, one) for one in settings["groups"] if one["useMuon"] == muon] for muon in (True, False)}
        self.muon = torch.optim.Muon(groups[True], momentum=settings["momentum"], adjust_lr_fn="match_rms_adamw")
        self.adamw = torch.optim.AdamW(groups[False], betas=tuple(settings["betas"]), eps=settings["eps"])
        self.groups = [group for one in (self.muon, self.adamw) for group in one.param_groups]

    @staticmethod
    def group(w, one):
        return {"params": [w[name] for name in one["names"]], "weight_decay": one["weightDecay"], "scale": one["scale"]}

    def step(self, rate):
        for group in self.groups:
            group["lr"] = rate * group["scale"]
        # PyTorch's Muon iterates in bfloat16; in float32 where the cast is taken out.
        cast = torch.Tensor.bfloat16
        if self.precision == "float32":
            torch.Tensor.bfloat16 = torch.Tensor.clone
        self.muon.step()
        torch.Tensor.bfloat16 = cast
        self.adamw.step()


def train(weights, batches, config, settings):
    """The losses of all steps, what smoothing adds, the norms, and seconds of the processor and of the clock by step."""
    model = NanoLogic(config)
    model.load_state_dict(weights)
    optimizers = Optimizers(model, settings)
    found = {name: [] for name in ("losses", "smoothing", "norms", "cpuSeconds", "seconds")}
    for index, rate in enumerate(settings["learningRates"]):
        cpu, start = time.process_time(), time.perf_counter()
        batch = {name: value[index] for name, value in batches.items()}
        with torch.autocast("cpu", torch.bfloat16, enabled=settings["precision"] == "bfloat16"):
            loss, smoothing = compute_loss(model, batch, settings)
        model.zero_grad(set_to_none=True)
        (loss + smoothing).backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), settings["maxGradNorm"])
        optimizers.step(rate)
        for name, value in zip(found, (loss, smoothing, norm), strict=False):
            found[name].append(value.item())
        found["cpuSeconds"].append(time.process_time() - cpu)
        found["seconds"].append(time.perf_counter() - start)
        if not math.isfinite(found["losses"][-1]):
            raise ValueError(f"the loss of step {index} is {found['losses'][-1]}")
    return found


def main(request):
    from safetensors.torch import load_file

    torch.set_num_threads(request["threads"])
    batches, weights = load_file(request["batches"]), load_file(request["weights"])
    return train(weights, batches, request["config"], request["settings"])


if __name__ == "__main__":
    from exchange import answer, receive

    answer(main(receive()))
