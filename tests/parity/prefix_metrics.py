"""The prefix metrics of each case's states, by the reference in plain PyTorch, with gradients."""

import torch
from safetensors.torch import load_file, save_file

from exchange import answer, receive
from infinito_reference import components_at, head_coherence


def measure(given, ends):
    hidden, weights = (given[name].requires_grad_(True) for name in ("hidden", "weights"))
    components = components_at(hidden, [weights], given["projection"], ends)
    phi = components @ given["logits"].softmax(0)
    phi.sum().backward()
    found = {"components": components, "phi": phi, "hiddenGradient": hidden.grad, "weightsGradient": weights.grad,
             "coherence": head_coherence(weights)}
    return {name: value.detach().contiguous() for name, value in found.items()}


torch.set_num_threads(1)
for case in receive():
    save_file(measure(load_file(case["inputs"]), case["ends"]), case["outputs"])
answer({})
