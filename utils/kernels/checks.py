"""Refusals with a sentence: an operation says what it was given and what it takes before it computes."""

import math
import numbers

import torch

from utils.errors import FrugalError

UP_TO_FLOAT32 = (torch.float32, torch.bfloat16, torch.float16)
FROM_FLOAT32 = (torch.float32, torch.float64)


def kind(name: str, value: object, wanted: type, advice: str) -> None:
    """Refuse anything but an instance of ``wanted``."""
    if not isinstance(value, wanted):
        raise FrugalError(f"{name} is a {type(value).__name__}; {advice}.")


def integer(name: str, value: object, least: int, reason: str, most: int | None = None) -> None:
    """Refuse anything but a whole number (no bool, no 2.0) from ``least`` to ``most``."""
    if not isinstance(value, numbers.Integral) or isinstance(value, bool):
        raise FrugalError(f"{name} is {value!r}; give it as a whole number: {reason}.")
    at_least(name, value, least, reason)
    if most is not None:
        at_most(name, value, most, reason)


def number(name: str, value: object, least: float = -math.inf, below: float | None = None) -> None:
    """Refuse anything but a real number of at least ``least``, and NaN; with ``below`` only smaller ones."""
    real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not real or not value >= least or (below is not None and value >= below):
        limit = "" if below is None else f" and below {below:g}"
        raise FrugalError(f"{name} is {value!r}; give it as a number of at least {least:g}{limit}.")


def dimensions(name: str, tensor: torch.Tensor, count: int) -> None:
    """Refuse a tensor that does not have ``count`` dimensions."""
    kind(name, tensor, torch.Tensor, "give it as a torch.Tensor")
    if tensor.dim() != count:
        raise FrugalError(f"{name} has shape {tuple(tensor.shape)}; give it {count} dimension(s).")


def shape(name: str, tensor: torch.Tensor, *sizes: int) -> None:
    """Refuse a tensor whose shape is not exactly ``sizes``."""
    kind(name, tensor, torch.Tensor, "give it as a torch.Tensor")
    if tuple(tensor.shape) != sizes:
        raise FrugalError(f"{name} has shape {tuple(tensor.shape)}; it must be {sizes}.")


def dtype(name: str, tensor: torch.Tensor, *dtypes: torch.dtype) -> None:
    """Refuse a tensor whose dtype is none of ``dtypes``."""
    kind(name, tensor, torch.Tensor, "give it as a torch.Tensor")
    if tensor.dtype not in dtypes:
        allowed = ", ".join(str(dtype).removeprefix("torch.") for dtype in dtypes)
        given = str(tensor.dtype).removeprefix("torch.")
        raise FrugalError(f"{name} is {given}; convert it to one of: {allowed}.")


def option(name: str, value: object, *allowed: object) -> None:
    """Refuse a value that is none of ``allowed``; neither 4.0 nor True is a number of bits."""
    if not isinstance(value, str | numbers.Integral) or isinstance(value, bool) or value not in allowed:
        choices = ", ".join(map(repr, allowed))
        raise FrugalError(f"{name} is {value!r}; choose one of: {choices}.")


def at_most(name: str, value: int, limit: int, reason: str) -> None:
    """Refuse a size above ``limit``."""
    if value > limit:
        raise FrugalError(f"{name} is {value}, above {limit}: {reason}.")


def at_least(name: str, value: int, limit: int, reason: str) -> None:
    """Refuse a size below ``limit``."""
    if value < limit:
        raise FrugalError(f"{name} is {value}, below {limit}: {reason}.")
