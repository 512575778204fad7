"""Benchmark of ``layernorm_quantize`` beside the same steps in PyTorch."""

from collections.abc import Iterator

import torch

from utils.kernels.bench.case import Case
from utils.kernels.layernorm_quantize import cost, layernorm_quantize

SHAPES = [(1, 4096), (16, 4096), (256, 4096), (4096, 4096)]


def cases(device: str) -> Iterator[Case]:
    for rows, columns in SHAPES:
        x = torch.randn(rows, columns, device=device)
        ours, theirs = _calls(x)
        rivals = {"PyTorch, one function after another": theirs}
        yield Case(f"{rows} rows of {columns}", ours, rivals, cost(rows, columns), 0)


def _calls(x: torch.Tensor):
    def theirs():
        normal = torch.nn.functional.layer_norm(x, x.shape[1:])
        scale = 127 / normal.abs().amax(dim=1, keepdim=True).clamp(min=1e-5)
        return (normal * scale).round().to(torch.int8), scale

    return lambda: layernorm_quantize(x), theirs
