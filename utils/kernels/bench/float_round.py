"""Benchmark of ``float_round`` beside PyTorch's casts, there and back."""

from collections.abc import Callable, Iterator

import torch

from utils.kernels.bench.case import Case
from utils.kernels.float_formats import FORMATS
from utils.kernels.float_round import cost, float_round

COUNT = 2**24
FORMS = [("bfloat16", None), ("bfloat16", 1), ("e4m3", None), ("e4m3", 1)]
DTYPES = {"bfloat16": torch.bfloat16, "e4m3": torch.float8_e4m3fn}


def cases(device: str) -> Iterator[Case]:
    """The shapes at which it is measured, each with its peers."""
    x = torch.randn(COUNT, device=device)
    for name, seed in FORMS:
        rounding = "nearest" if seed is None else "stochastic"
        yield Case(
            f"{COUNT} numbers to {name}, {rounding}",
            lambda name=name, seed=seed: float_round(x, name, seed),
            _peers(x, name, seed),
            cost(COUNT, seed is not None),
            0,
        )


def _peers(x: torch.Tensor, name: str, seed: int | None) -> dict:
    if seed is None:
        return {"PyTorch cast and back": lambda: x.to(DTYPES[name]).float()}
    lost = 23 - FORMATS[name].mantissa_bits

    def add_bits_and_truncate():
        """Right in the normal range only: the usual way to do it in PyTorch."""
        noise = torch.randint_like(x, 2**lost, dtype=torch.int32)
        return ((x.view(torch.int32) + noise) >> lost << lost).view(torch.float32)

    return {"PyTorch randint, add bits, truncate (normal numbers only)": add_bits_and_truncate}


def forms() -> dict[str, Callable[[], object]]:
    """Calls that take the launcher's different ways, to be compiled; the tensors have no memory."""
    x = torch.empty(COUNT, device="meta")
    return {
        f"{name}, {'nearest' if seed is None else 'stochastic'}": lambda name=name, seed=seed: float_round(
            x, name, seed, backend="triton"
        )
        for name in FORMATS
        for seed in (None, 1)
    }
