"""Optimizers on given weights and gradients: PyTorch's own, and a twin of schedule-free AdamW written from the paper."""

import torch
from safetensors.torch import load_file

from exchange import answer, receive


def muon(start, gradients, settings):
    """torch.optim.Muon; in float32 where its cast to bfloat16 is taken out."""
    weights = {name: value.clone().requires_grad_(True) for name, value in start.items()}
    optimizer = torch.optim.Muon(
        weights.values(),
        lr=1.0,
        momentum=settings["momentum"],
        nesterov=settings["nesterov"],
        weight_decay=settings["weightDecay"],
        adjust_lr_fn={"adamw": "match_rms_adamw", "original": "original"}[settings["scale"]],
    )
    cast = torch.Tensor.bfloat16
    if settings["precision"] == "float32":
        torch.Tensor.bfloat16 = torch.Tensor.clone
    for index, rate in enumerate(settings["rates"]):
        optimizer.param_groups[0]["lr"] = rate
        for name, weight in weights.items():
            weight.grad = gradients[name][index].clone()
        optimizer.step()
    torch.Tensor.bfloat16 = cast
    return weights


def schedule_free(start, gradients, settings):
    """Algorithm 1 of Defazio et al. 2024, line by line, in float64: the points y and the averages x."""
    (beta1, beta2), eps, decay = settings["betas"], settings["eps"], settings["weightDecay"]
    z = {name: value.double() for name, value in start.items()}
    x, v = dict(z), {name: torch.zeros_like(value) for name, value in z.items()}
    total = 0.0
    for t, rate in enumerate(settings["rates"], start=1):
        gamma = rate * (1 - beta2**t) ** 0.5
        total += gamma**2
        for name in z:
            y = (1 - beta1) * z[name] + beta1 * x[name]
            g = gradients[name][t - 1].double()
            v[name] = beta2 * v[name] + (1 - beta2) * g**2
            z[name] = z[name] - gamma * g / (v[name].sqrt() + eps) - gamma * decay * y
            x[name] = (1 - gamma**2 / total) * x[name] + gamma**2 / total * z[name]
    points = {name: (1 - beta1) * z[name] + beta1 * x[name] for name in z}
    return {**points, **{f"{name}.average": value for name, value in x.items()}}


def main(request):
    start, gradients, ours = (load_file(request[name]) for name in ["start", "gradients", "end"])
    theirs = {"muon": muon, "schedule-free": schedule_free}[request["settings"]["type"]](
        start, gradients, request["settings"]
    )
    moved = lambda name: theirs[name] - start[name.removesuffix(".average")]
    return {
        name: ((ours[name].double() - value.double()).norm() / moved(name).double().norm()).item()
        for name, value in theirs.items()
    }


answer(main(receive()))
