"""Causal attention forward and backward, ours against PyTorch's, on one thread.

`attention.py ours|peer DTYPE LENGTH DOCUMENTS` prints the least processor time of a pass, the memory over what was
there before, and a sum of output and gradients as JSON. With several documents of equal length PyTorch gets the mask
that its scaled_dot_product_attention asks for.
"""

import json
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F

LIBRARY = Path(__file__).resolve().parents[3] / "build" / "Release" / "libpalabra_ops.so"
HEADS, WIDTH = 6, 64
"""Rows of short texts are taken together, so that each pass has this many tokens at least."""
LEAST_TOKENS = 2048


def resident_peak():
    """VmHWM: the most memory since the start, or since it was reset."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024


def attend(side, q, k, v, documents):
    if side == "ours":
        return torch.ops.palabra.causal_attention(q, k, v, documents, None)[0]
    if documents is None:
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    mask = (documents.unsqueeze(2) == documents.unsqueeze(1)).tril().unsqueeze(1)
    return F.scaled_dot_product_attention(q, k, v, mask)


def main(side, dtype, length, count):
    torch.ops.load_library(str(LIBRARY))
    torch.set_num_threads(1)
    torch.manual_seed(0)
    rows = max(1, LEAST_TOKENS // length)
    q, k, v, seed = (torch.randn(rows, HEADS, length, WIDTH, dtype=getattr(torch, dtype)) for _ in range(4))
    for x in (q, k, v):
        x.requires_grad_()
    documents = None if count == 1 else (torch.arange(length) * count // length).expand(rows, -1).contiguous()
    attend(side, *(x[:1, :, :8] for x in (q, k, v)), None).sum().backward()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before, seconds = resident_peak(), []
    for _ in range(3):
        q.grad = k.grad = v.grad = None
        start = time.process_time()
        output = attend(side, q, k, v, documents)
        output.backward(seed)
        seconds.append(time.process_time() - start)
    # Squares, since the sum of gradients of queries and keys is near nothing.
    check = sum(x.double().square().mean().item() for x in (output, q.grad, k.grad, v.grad))
    print(json.dumps({
        "seconds": min(seconds), "tokens": rows * length, "bytes": resident_peak() - before, "check": check
    }))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
