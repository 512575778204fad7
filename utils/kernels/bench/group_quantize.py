"""Benchmark of ``group_quantize`` beside the same steps in PyTorch and its own quantizer."""

from collections.abc import Callable, Iterator

import torch

from utils.kernels.bench.case import Case
from utils.kernels.group_quantize import cost, group_quantize

SIZE = 4096
# (bits, group, symmetric, seed): weights by groups, activations by rows, gradients with stochastic rounding.
FORMS = [(4, 128, True, None), (4, 128, False, None), (8, "row", True, None), (4, 128, True, 1)]


def cases(device: str) -> Iterator[Case]:
    """The shapes at which it is measured, each with its peers."""
    x = torch.randn(SIZE, SIZE, device=device)
    for bits, group, symmetric, seed in FORMS:
        kind = "symmetric" if symmetric else "asymmetric"
        rounding = "nearest" if seed is None else "stochastic"
        width = SIZE if group == "row" else group
        yield Case(
            f"{SIZE} x {SIZE}, {bits} bits, {kind}, groups of {width}, {rounding}",
            lambda form=(bits, group, symmetric, seed): group_quantize(x, *form),
            _peers(x, bits, width, symmetric, seed),
            cost(SIZE, SIZE, bits, width),
            0,
        )


def _peers(x: torch.Tensor, bits: int, width: int, symmetric: bool, seed: int | None) -> dict:
    blocks = x.reshape(SIZE, -1, width)
    last = 2 ** (bits - 1) - 1 if symmetric else 2**bits - 1

    def rounded(steps):
        return steps.round() if seed is None else (steps + torch.rand_like(steps)).floor()

    def symmetric_steps():
        scale = blocks.abs().amax(2, keepdim=True) / last
        return rounded(blocks / scale).clamp(-last, last).to(torch.int8), scale

    def asymmetric_steps():
        low, high = blocks.amin(2, keepdim=True).clamp(max=0), blocks.amax(2, keepdim=True).clamp(min=0)
        scale = (high - low) / last
        zero = (-low / scale).round()
        return (rounded(blocks / scale) + zero).clamp(0, last).to(torch.uint8), scale, zero

    found = {"PyTorch, one function after another": symmetric_steps if symmetric else asymmetric_steps}
    if x.device.type == "cpu" and bits == 8 and symmetric and seed is None:
        scale, zero = x.abs().amax(1) / last, torch.zeros(SIZE, dtype=torch.int64)
        # PyTorch warns that these types will go; until then they are its only fused quantizer on a CPU.
        found["PyTorch quantize_per_channel, scales given"] = lambda: torch.quantize_per_channel(
            x, scale, zero, 0, torch.qint8
        )
    return found


def forms() -> dict[str, Callable[[], object]]:
    """Calls that take the launcher's different ways, to be compiled; the tensors have no memory."""
    ways = [*FORMS, (4, 100, True, None), (4, 1, True, None), (8, "row", True, 1), (4, 64, False, 1)]
    found = {_name(*way): _form(SIZE, *way) for way in ways}
    for columns in (11008, 16384, 2**16):
        for seed in (None, 1):
            found[f"rows of {columns}, {_name(8, 'row', False, seed)}"] = _form(
                columns, 8, "row", False, seed
            )
    return found | {"tensor of 2^31": _form(2**19, 8, "tensor", True, None)}


def _name(bits: int, group: int | str, symmetric: bool, seed: int | None) -> str:
    kind, rounding = "symmetric" if symmetric else "asymmetric", "nearest" if seed is None else "stochastic"
    return f"{bits} bits, {kind}, groups of {group}, {rounding}"


def _form(columns: int, *way: object) -> Callable[[], object]:
    x = torch.empty(SIZE, columns, device="meta")
    return lambda: group_quantize(x, *way, backend="triton")
