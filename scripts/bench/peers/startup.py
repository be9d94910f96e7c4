"""From the start of a process to its first tensor, with PyTorch; the caller takes the time."""

import torch

print(torch.tensor([1.0, 2.0, 3.0]).sum().item())
