"""The LSTM language model of C6 in PyTorch, as pip gives it: two layers of 650, a tied head of 33,278 words.

`lstm.py prepare FILE BATCHES` writes initial weights and the batches that both sides train on, 20 × 35 tokens;
`lstm.py train FILE STEPS WARMUP` trains with SGD and prints figures as JSON.
"""

import json
import resource
import sys
import time

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

WIDTH, LAYERS, VOCAB, BATCH, LENGTH = 650, 2, 33_278, 20, 35
NAMES = {"inputWeight": "weight_ih", "hiddenWeight": "weight_hh", "inputBias": "bias_ih", "hiddenBias": "bias_hh"}


class LanguageModel(nn.Module):
    """Token vectors, an LSTM, a map, and the table of token vectors once more."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, WIDTH)
        self.lstm = nn.LSTM(WIDTH, WIDTH, LAYERS, batch_first=True)
        self.projection = nn.Linear(WIDTH, WIDTH)
        self.bias = nn.Parameter(torch.zeros(VOCAB))
        nn.init.uniform_(self.embedding.weight, -0.05, 0.05)

    def forward(self, ids):
        return F.linear(self.projection(self.lstm(self.embedding(ids))[0]), self.embedding.weight, self.bias)

    def named(self):
        """The parameters by the names of palabra's model."""
        layers = {f"lstm.layers.{layer}.{ours}": getattr(self.lstm, f"{theirs}_l{layer}")
                  for layer in range(LAYERS) for ours, theirs in NAMES.items()}
        rest = {"embedding.weight": self.embedding.weight, "projection.weight": self.projection.weight,
                "projection.bias": self.projection.bias, "head.bias": self.bias}
        return {**layers, **rest}


def prepare(path, count):
    torch.manual_seed(1)
    weights = {name: weight.detach().clone() for name, weight in LanguageModel().named().items()}
    save_file({**weights, "batches": torch.randint(0, VOCAB, (count, BATCH, LENGTH + 1))}, path)


def train(path, steps, warmup):
    state = load_file(path)
    batches, model = state["batches"], LanguageModel()
    with torch.no_grad():
        for name, weight in model.named().items():
            weight.copy_(state[name])
    optimizer = torch.optim.SGD(model.parameters(), lr=1)
    losses, times = [], []
    for step in range(steps):
        start = time.perf_counter()
        batch = batches[step % len(batches)]
        loss = F.cross_entropy(model(batch[:, :-1]).flatten(0, 1), batch[:, 1:].flatten())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.25)
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
        "lastLoss": losses[-1],
    }))


if __name__ == "__main__":
    command, file, *numbers = sys.argv[1:]
    if command == "prepare":
        prepare(file, int(numbers[0]))
    else:
        train(file, int(numbers[0]), int(numbers[1]))
