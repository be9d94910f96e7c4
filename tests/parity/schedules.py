"""The learning rates that PyTorch's schedulers give for the same settings."""

import torch
from torch.optim import lr_scheduler

from exchange import answer, receive


def rates(make, steps, values=None):
    """The rate before each step, and with `values` after each evaluation."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = make(optimizer)
    found = []
    for index in range(steps):
        if values is not None:
            scheduler.step(values[index])
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if values is None:
            scheduler.step()
    return found


def warmed(optimizer, after, warmup):
    """`after` behind a linear rise."""
    rise = lr_scheduler.LinearLR(optimizer, start_factor=1 / (warmup + 1), total_iters=warmup)
    return lr_scheduler.SequentialLR(optimizer, [rise, after], milestones=[warmup])


def main(request):
    steps, warmup, minimum = request["steps"], request["warmup"], request["minimum"]
    fall = steps - warmup
    return {
        "constant": rates(lambda o: warmed(o, lr_scheduler.ConstantLR(o, factor=1), warmup), steps),
        "linear": rates(
            lambda o: warmed(o, lr_scheduler.LinearLR(o, 1.0, minimum, total_iters=fall), warmup), steps
        ),
        "cosine": rates(lambda o: warmed(o, lr_scheduler.CosineAnnealingLR(o, fall, minimum), warmup), steps),
        "restarts": rates(
            lambda o: warmed(o, lr_scheduler.CosineAnnealingWarmRestarts(o, 7, 2, eta_min=minimum), warmup), steps
        ),
        "plateau": rates(
            lambda o: lr_scheduler.ReduceLROnPlateau(o, factor=0.5, patience=1, min_lr=minimum),
            len(request["losses"]),
            request["losses"],
        ),
    }


answer(main(receive()))
