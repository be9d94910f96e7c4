"""The training step of C1 in PyTorch as pip gives it: weights and batches come from a file, figures go out as JSON."""

import json
import math
import resource
import sys
import time

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

WIDTH, LAYERS, HEADS, BATCH, LENGTH, VOCAB = 128, 4, 4, 12, 64, 65


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


def prepare(path, steps):
    """Writes the initial weights and the batches that both sides train on."""
    torch.manual_seed(1)
    weights = {name: weight.detach().clone() for name, weight in Gpt().named_parameters()}
    # Learnable text: each id follows from the one before, with noise.
    table = torch.randint(0, VOCAB, (VOCAB,))
    ids = torch.randint(0, VOCAB, (steps, BATCH, LENGTH + 1))
    for t in range(LENGTH):
        follows = torch.rand(steps, BATCH) < 0.7
        ids[:, :, t + 1] = torch.where(follows, table[ids[:, :, t]], ids[:, :, t + 1])
    save_file({**weights, "batches": ids}, path)


def train(path, steps, warmup):
    """Trains from the file and times the steps after the warm-up."""
    from safetensors.torch import load_file

    state = load_file(path)
    batches = state.pop("batches")
    model = Gpt()
    model.load_state_dict(state)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.99), weight_decay=0.1)
    losses, times = [], []
    for step in range(steps):
        start = time.perf_counter()
        batch = batches[step % len(batches)]
        logits = model(batch[:, :-1])
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
    command, path, *numbers = sys.argv[1:]
    if command == "prepare":
        prepare(path, int(numbers[0]))
    else:
        train(path, int(numbers[0]), int(numbers[1]))
