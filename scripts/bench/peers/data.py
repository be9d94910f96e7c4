"""Random windows from a file of uint16 ids as a numpy memmap: `data.py FILE BATCHES`, B 32, T 1,024."""

import json
import statistics
import sys
import time

import numpy as np
import torch

path, batches = sys.argv[1], int(sys.argv[2])
torch.manual_seed(1)
torch.set_num_threads(1)


def batch():
    tokens = np.memmap(path, dtype=np.uint16, mode="r")
    starts = torch.randint(len(tokens) - 1024, (32,))
    inputs = torch.stack([torch.from_numpy(tokens[i : i + 1024].astype(np.int64)) for i in starts])
    targets = torch.stack([torch.from_numpy(tokens[i + 1 : i + 1025].astype(np.int64)) for i in starts])
    return inputs, targets


times = []
for _ in range(batches):
    start = time.perf_counter()
    batch()
    times.append(1000 * (time.perf_counter() - start))
print(json.dumps({"memmap": statistics.median(times)}))
