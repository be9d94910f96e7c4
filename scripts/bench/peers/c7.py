"""The published character recipe for a CPU in PyTorch as pip gives it: trains on a text, then scores all of its last tenth."""

import json
import math
import sys
import time

import torch
import torch.nn.functional as F
from c1 import BATCH, LENGTH, VOCAB, Gpt

RATE, LOWEST, WARMUP = 1e-3, 1e-4, 100


def rate(step, steps):
    """A rise, then half a cosine."""
    if step < WARMUP:
        return RATE * (step + 1) / (WARMUP + 1)
    return LOWEST + 0.5 * (1 + math.cos(math.pi * (step - WARMUP) / (steps - WARMUP))) * (RATE - LOWEST)


def groups(model):
    """Matrices and tables decay, vectors don't."""
    parameters = list(model.parameters())
    return [
        {"params": [p for p in parameters if p.ndim >= 2], "weight_decay": 0.1},
        {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0},
    ]


def train(model, ids, steps):
    """AdamW over random windows."""
    optimizer = torch.optim.AdamW(groups(model), lr=RATE, betas=(0.9, 0.99))
    offsets = torch.arange(LENGTH)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = rate(step, steps)
        places = torch.randint(len(ids) - LENGTH, (BATCH, 1)) + offsets
        loss = F.cross_entropy(model(ids[places]).view(-1, VOCAB), ids[places + 1].view(-1))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()


@torch.no_grad()
def score(model, ids):
    """Nats a character over windows of the context length, one after another."""
    total, count = 0.0, 0
    for start in range(0, len(ids) - 1, 64 * LENGTH):
        part = ids[start : start + 64 * LENGTH + 1]
        whole = (len(part) - 1) // LENGTH * LENGTH
        pieces = [(part[:whole].view(-1, LENGTH), part[1 : whole + 1].view(-1, LENGTH))]
        if whole < len(part) - 1:
            pieces.append((part[None, whole:-1], part[None, whole + 1 :]))
        for inputs, targets in pieces:
            if inputs.numel() > 0:
                total += F.cross_entropy(model(inputs).view(-1, VOCAB), targets.reshape(-1), reduction="sum").item()
                count += targets.numel()
    return total / count, count


path, steps = sys.argv[1], int(sys.argv[2])
start = time.perf_counter()
text = open(path, encoding="utf-8").read()
kinds = {character: i for i, character in enumerate(sorted(set(text)))}
ids = torch.tensor([kinds[character] for character in text])
cut = len(ids) * 9 // 10
torch.manual_seed(1337)
model = Gpt()
train(model, ids[:cut], steps)
trained = time.perf_counter() - start
loss, count = score(model, ids[cut:])
print(json.dumps({"loss": loss, "characters": count, "trainSeconds": trained, "seconds": time.perf_counter() - start}))
