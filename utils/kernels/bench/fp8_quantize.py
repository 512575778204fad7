"""Benchmark of ``fp8_quantize`` beside the same steps in PyTorch."""

from collections.abc import Iterator

import torch

from utils.kernels.bench.case import Case
from utils.kernels.fp8_quantize import cost, fp8_quantize

SIZE = 4096
GROUPS = ["tensor", 128]


def cases(device: str) -> Iterator[Case]:
    """The shapes at which it is measured, each with its peers."""
    x = torch.randn(SIZE, SIZE, device=device)
    for group in GROUPS:
        width = SIZE * SIZE if group == "tensor" else group
        blocks = x.reshape(-1, width)
        yield Case(
            f"{SIZE} x {SIZE} to e4m3, a scale for {'all' if group == 'tensor' else group} columns",
            lambda group=group: fp8_quantize(x, "e4m3", group),
            {"PyTorch, one function after another": lambda blocks=blocks: _steps(blocks)},
            cost(1, SIZE * SIZE, width),
            0,
        )


def _steps(blocks: torch.Tensor):
    scale = blocks.abs().amax(1, keepdim=True) / 448
    return (blocks / scale).clamp(-448, 448).to(torch.float8_e4m3fn), scale
