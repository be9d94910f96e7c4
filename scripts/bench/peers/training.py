"""The training step of C1 to C3 in PyTorch.

`training.py NAME prepare FILE BATCHES` writes initial weights and the batches that both sides train on;
`training.py NAME eager|fused|compiled float32|bfloat16 FILE STEPS WARMUP` trains from it and prints figures as JSON:
eager is what pip gives, fused has the fused AdamW, compiled torch.compile besides; bfloat16 is by autocast.
"""

import json
import math
import resource
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

GEOMETRY = json.loads((Path(__file__).parents[1] / "geometries.json").read_text(encoding="utf8"))[sys.argv[1]]
WIDTH, LAYERS, HEADS = (GEOMETRY[name] for name in ("width", "layers", "heads"))
BATCH, LENGTH, VOCAB = (GEOMETRY[name] for name in ("batch", "length", "vocabulary"))


class Attention(nn.Module):
    """Causal self-attention over scaled_dot_product_attention."""

    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.output = (nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(4))

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = (m(x).view(B, T, HEADS, C // HEADS).transpose(1, 2) for m in (self.query, self.key, self.value))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.output(y.transpose(1, 2).reshape(B, T, C))


class Mlp(nn.Module):
    """Two linear maps with a GELU between them."""

    def __init__(self):
        super().__init__()
        self.up = nn.Linear(WIDTH, 4 * WIDTH, bias=False)
        self.down = nn.Linear(4 * WIDTH, WIDTH, bias=False)

    def forward(self, x):
        return self.down(F.gelu(self.up(x)))


class Block(nn.Module):
    """Pre-norm attention and feed-forward."""

    def __init__(self):
        super().__init__()
        self.attentionNorm, self.mlpNorm = (nn.LayerNorm(WIDTH, bias=False) for _ in range(2))
        self.attention, self.mlp = Attention(), Mlp()

    def forward(self, x):
        x = x + self.attention(self.attentionNorm(x))
        return x + self.mlp(self.mlpNorm(x))


class Gpt(nn.Module):
    """The decoder with learned positions and a tied head."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, WIDTH)
        self.positions = nn.Embedding(LENGTH, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH, bias=False)
        for name, weight in self.named_parameters():
            if weight.ndim == 2:
                deep = name.endswith(("output.weight", "down.weight"))
                nn.init.normal_(weight, std=0.02 / math.sqrt(2 * LAYERS) if deep else 0.02)

    def forward(self, ids):
        x = self.embedding(ids) + self.positions(torch.arange(ids.shape[1]))
        for block in self.blocks:
            x = block(x)
        return F.linear(self.norm(x), self.embedding.weight)


def prepare(path, count):
    """Writes the initial weights and the batches that both sides train on."""
    torch.manual_seed(1)
    weights = {name: weight.detach().clone() for name, weight in Gpt().named_parameters()}
    # Learnable text: each id follows from the one before, with noise.
    table = torch.randint(0, VOCAB, (VOCAB,))
    ids = torch.randint(0, VOCAB, (count, BATCH, LENGTH + 1))
    for t in range(LENGTH):
        follows = torch.rand(count, BATCH) < 0.7
        ids[:, :, t + 1] = torch.where(follows, table[ids[:, :, t]], ids[:, :, t + 1])
    save_file({**weights, "batches": ids}, path)


def train(variant, precision, path, steps, warmup):
    """Trains from the file and times the steps after the warm-up."""
    state = load_file(path)
    batches = state.pop("batches")
    model = Gpt()
    model.load_state_dict(state)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=1e-3, betas=(0.9, 0.99), weight_decay=0.1, fused=variant != "eager"
    )
    forward = torch.compile(model) if variant == "compiled" else model
    losses, times = [], []
    for step in range(steps):
        start = time.perf_counter()
        batch = batches[step % len(batches)]
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            logits = forward(batch[:, :-1])
            loss = F.cross_entropy(logits.reshape(-1, VOCAB), batch[:, 1:].reshape(-1))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
        times.append(time.perf_counter() - start)
    used = resource.getrusage(resource.RUSAGE_SELF)
    times = sorted(times[warmup:])
    print(json.dumps({
        "seconds": times[len(times) // 2],
        "bestSeconds": times[0],
        "cpuSeconds": used.ru_utime + used.ru_stime,
        "maxRssBytes": used.ru_maxrss * 1024,
        "lossAfter50": losses[min(49, steps - 1)],
    }))


if __name__ == "__main__":
    _, _, command, *rest = sys.argv
    if command == "prepare":
        prepare(rest[0], int(rest[1]))
    else:
        train(command, rest[0], rest[1], int(rest[2]), int(rest[3]))
