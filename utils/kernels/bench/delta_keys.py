"""The delta scan beside the same scan written in PyTorch, and beside a copy of the keys."""

from collections.abc import Callable, Iterator

import torch

from utils.kernels.bench.case import Case
from utils.kernels.delta_keys import cost, delta_keys, delta_keys_reference

THRESHOLD, WIDTH = 0.5, 64
SHAPES = ((1, 2048), (32, 2048))  # heads and tokens


def cases(device: str) -> Iterator[Case]:
    """Keys that drift: a random walk along the tokens."""
    for heads, tokens in SHAPES:
        steps = torch.randn(heads, tokens, WIDTH, generator=torch.Generator().manual_seed(0))
        yield _case((0.2 * steps).cumsum(1).to(device))


def _case(keys: torch.Tensor) -> Case:
    heads, tokens, width = keys.shape
    return Case(
        f"{heads} x {tokens} tokens x {width}, float32",
        lambda: delta_keys(keys, THRESHOLD),
        {
            "PyTorch, token by token": lambda: delta_keys_reference(keys, THRESHOLD),
            "PyTorch, a copy of the keys": lambda: keys.clone(),
        },
        cost(heads, tokens, width),
        2 * 4 * keys.numel(),
        settings={"heads": heads, "tokens": tokens},
    )


def forms() -> dict[str, Callable[[], object]]:
    """Calls that take the launcher's different ways, to be compiled; the tensors have no memory."""
    sizes = ((1, 2048, 64), (8, 2048, 128), (4, 333, 80), (1, 1, 64))
    return {
        f"{heads} x {tokens} tokens x {width}": lambda shape=(heads, tokens, width): delta_keys(
            torch.empty(shape, device="meta"), THRESHOLD, backend="triton"
        )
        for heads, tokens, width in sizes
    }
