"""Refusals with a sentence: an operation says what it was given and what it takes before it computes."""

import torch

from utils.errors import FrugalError


def dimensions(name: str, tensor: torch.Tensor, count: int) -> None:
    """Refuse a tensor that does not have ``count`` dimensions."""
    if tensor.dim() != count:
        raise FrugalError(f"{name} has shape {tuple(tensor.shape)}; give it {count} dimension(s).")


def shape(name: str, tensor: torch.Tensor, *sizes: int) -> None:
    """Refuse a tensor whose shape is not exactly ``sizes``."""
    if tuple(tensor.shape) != sizes:
        raise FrugalError(f"{name} has shape {tuple(tensor.shape)}; it must be {sizes}.")


def dtype(name: str, tensor: torch.Tensor, *dtypes: torch.dtype) -> None:
    """Refuse a tensor whose dtype is none of ``dtypes``."""
    if tensor.dtype not in dtypes:
        allowed = ", ".join(str(dtype).removeprefix("torch.") for dtype in dtypes)
        given = str(tensor.dtype).removeprefix("torch.")
        raise FrugalError(f"{name} is {given}; convert it to one of: {allowed}.")


def option(name: str, value: object, *allowed: object) -> None:
    """Refuse a value that is none of ``allowed``."""
    if value not in allowed:
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
