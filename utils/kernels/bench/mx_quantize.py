"""Benchmark of ``mx_quantize`` beside the same steps in PyTorch."""

from collections.abc import Callable, Iterator

import torch

from utils.kernels.bench.case import Case
from utils.kernels.float_formats import MX_FORMATS
from utils.kernels.mx_quantize import BLOCK, cost, mx_quantize

SIZE = 4096
FORMS = [("e4m3", None), ("e2m1", None), ("e2m1", 1)]
DTYPES = {"e4m3": torch.float8_e4m3fn}


def cases(device: str) -> Iterator[Case]:
    """The shapes at which it is measured, each with its peers."""
    x = torch.randn(SIZE, SIZE, device=device)
    for form, seed in FORMS:
        rounding = "nearest" if seed is None else "stochastic"
        yield Case(
            f"{SIZE} x {SIZE}, {form}, {rounding}",
            lambda form=form, seed=seed: mx_quantize(x, form, seed),
            {"PyTorch, one function after another": _steps(x, form, seed)},
            cost(SIZE, SIZE, BLOCK, seed is not None),
            0,
        )


def _steps(x: torch.Tensor, name: str, seed: int | None):
    """Exponents and scaled blocks, then a cast where PyTorch has the format, else rounding step by step."""
    form, blocks = MX_FORMATS[name], x.reshape(SIZE, -1, BLOCK)

    def call():
        exponent = torch.frexp(blocks.abs().amax(2, keepdim=True)).exponent - 1 - form.largest_exponent
        scaled = torch.ldexp(blocks, -exponent).clamp(-form.largest, form.largest)
        if name in DTYPES and seed is None:
            return scaled.to(DTYPES[name]), exponent
        places = (torch.frexp(scaled).exponent - 1).clamp(min=form.least_exponent) - form.mantissa_bits
        steps = torch.ldexp(scaled.abs(), -places)
        whole = steps.round() if seed is None else (steps + torch.rand_like(steps)).floor()
        code = ((places + form.mantissa_bits - form.least_exponent) << form.mantissa_bits) + whole.int()
        return (code | scaled.signbit() << (form.bits - 1)).to(torch.uint8), exponent

    return call


def forms() -> dict[str, Callable[[], object]]:
    """Calls that take the launcher's different ways, to be compiled; the tensors have no memory."""
    found = {}
    for form, seed, block in [(*way, BLOCK) for way in (*FORMS, ("int8", None), ("e5m2", 1))] + [
        ("e2m1", None, 1),
        ("e2m1", 1, 4096),
    ]:
        rounding = "nearest" if seed is None else "stochastic"
        found[f"{form}, blocks of {block}, {rounding}"] = _form(form, seed, block)
    return found


def _form(form: str, seed: int | None, block: int) -> Callable[[], object]:
    x = torch.empty(SIZE, SIZE, device="meta")
    return lambda: mx_quantize(x, form, seed, 0, block, backend="triton")
