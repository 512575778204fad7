"""Benchmark of ``ternary_quantize`` beside PyTorch's own mean, median and rounding."""

from collections.abc import Callable, Iterator

import torch

from utils.kernels.bench.case import Case
from utils.kernels.ternary_quantize import cost, ternary_quantize

SIDE = 4096


def cases(device: str) -> Iterator[Case]:
    """The shapes at which it is measured, each with its peers."""
    for dtype in (torch.float32, torch.bfloat16):
        weight = torch.randn(SIDE, SIDE, device=device).to(dtype)
        for measure in ("mean", "median"):
            shape = f"{SIDE} x {SIDE}, {str(dtype).removeprefix('torch.')}, {measure}"
            ours, theirs = _calls(weight, measure)
            rivals = {"PyTorch, one function after another": theirs}
            yield Case(shape, ours, rivals, cost(SIDE, SIDE, weight.element_size(), measure), 0)


def _calls(weight: torch.Tensor, measure: str):
    def theirs():
        size = weight.abs()
        scale = 1 / (size.median() if measure == "median" else size.mean()).clamp(min=1e-5)
        return (weight * scale).round().clamp(-1, 1).to(torch.int8), scale

    return lambda: ternary_quantize(weight, measure), theirs


def forms() -> dict[str, Callable[[], object]]:
    """Calls that take the launcher's different ways, to be compiled; the tensors have no memory."""
    return {
        f"{measure}, {str(dtype).removeprefix('torch.')}, {rows} x {columns}": _form(
            rows, columns, dtype, measure
        )
        for measure in ("mean", "median")
        for dtype in (torch.float32, torch.bfloat16)
        for rows, columns in ((SIDE, SIDE), (37, 101))
    }


def _form(rows: int, columns: int, dtype: torch.dtype, measure: str) -> Callable[[], object]:
    weight = torch.empty(rows, columns, dtype=dtype, device="meta")
    return lambda: ternary_quantize(weight, measure, backend="triton")
