"""Times the language-model head with its loss, ours against PyTorch's, forward and backward.

`<peers' python> scripts/bench/peers/head.py [--classes V] [--tokens N] [--width C] [--dtype D] [--rounds R]`
prints a line a side: the least processor time of a step, and the memory it took over the gradients.
Each round runs the two sides as processes of their own, one after the other, on one thread.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

LIBRARY = Path(__file__).resolve().parents[3] / "build" / "Release" / "libpalabra_ops.so"


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--classes", type=int, default=50304)
    parser.add_argument("--tokens", type=int, default=1024)
    parser.add_argument("--width", type=int, default=384)
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--side", choices=("ours", "peer"))
    return parser.parse_args()


def loss_of(side):
    import torch
    import torch.nn.functional as F

    torch.ops.load_library(str(LIBRARY))

    def ours(x, weight, targets):
        total, count = torch.ops.palabra.linear_cross_entropy(x, weight, None, targets)
        return total / count

    def peer(x, weight, targets):
        return F.cross_entropy(F.linear(x, weight).float(), targets)

    return ours if side == "ours" else peer


def resident_bytes(field):
    """`VmRSS`, what this process holds now, or `VmHWM`, the most since reset_peak."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def reset_peak():
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def measure(options):
    """One side in this process: seconds a step, bytes over the parameters and their gradients, and the loss."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    dtype, loss_function = getattr(torch, options.dtype), loss_of(options.side)
    x = torch.randn(options.tokens, options.width).to(dtype).requires_grad_()
    weight = (torch.randn(options.classes, options.width) * 0.02).to(dtype).requires_grad_()
    targets = torch.randint(0, options.classes, (options.tokens,))
    loss_function(x[:8], weight[:64], targets[:8] % 64).backward()
    x.grad = weight.grad = None
    reset_peak()
    before, seconds = resident_bytes("VmRSS"), []
    for _ in range(4):
        x.grad = weight.grad = None
        start = time.process_time()
        loss = loss_function(x, weight, targets)
        loss.backward()
        seconds.append(time.process_time() - start)
    extra = resident_bytes("VmHWM") - before - weight.grad.nbytes
    return {"seconds": min(seconds), "bytes": extra, "loss": loss.item()}


def run(side):
    command = [sys.executable, *sys.argv, "--side", side]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    options = arguments()
    if options.side:
        print(json.dumps(measure(options)))
        return
    rounds = [{side: run(side) for side in ("peer", "ours")} for _ in range(options.rounds)]
    best = {side: min((each[side] for each in rounds), key=lambda one: one["seconds"]) for side in ("peer", "ours")}
    for side, row in best.items():
        print(f"{side}: {row['seconds'] * 1e3:.0f} ms, {row['bytes'] / 2**20:+.0f} MiB, loss {row['loss']:.5f}")
    ratios = [best["ours"][key] / best["peer"][key] for key in ("seconds", "bytes")]
    print(f"ours / peer: {ratios[0]:.2f} of the time, {ratios[1]:.2f} of the memory")


if __name__ == "__main__":
    main()
