"""What the checks of all labs have in common: assertions whose messages a student can act on.

Each function raises ``AssertionError`` with one sentence. ``what`` names the value in the student's words;
``hint`` says where to look, never what the answer is.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def answered(*values: Any) -> None:
    """Every value has been filled in: neither missing nor the placeholder ``...``."""
    for value in values:
        unanswered = value is None or value is ...
        assert not unanswered, "not answered yet: replace the ... (a function must return its result)"


def tensor(value: Any, shape: tuple[int, ...], dtype: torch.dtype, what: str) -> None:
    """``value`` is a tensor of exactly this shape and dtype."""
    answered(value)
    assert isinstance(value, Tensor), f"{what} must be a tensor, not {type(value).__name__}"
    assert value.shape == shape, f"{what} has shape {tuple(value.shape)} where {tuple(shape)} is needed"
    assert value.dtype == dtype, f"{what} has dtype {value.dtype} where {dtype} is needed"


def equal(value: Any, expected: Tensor, what: str, hint: str) -> None:
    """``value`` is a tensor of the shape and dtype of ``expected`` that holds exactly its numbers."""
    tensor(value, expected.shape, expected.dtype, what)
    assert torch.equal(value, expected), f"{what}: {hint}"


def close(value: Any, expected: Tensor, tolerance: float | Tensor, what: str, hint: str) -> None:
    """As :func:`equal`, but each number may be off by ``tolerance``; NaN is never close."""
    tensor(value, expected.shape, expected.dtype, what)
    assert bool(((value - expected).abs() <= tolerance).all()), f"{what}: {hint}"


def keeps(function: Callable, *arguments: Any) -> Any:
    """The result of ``function(*arguments)``, which must leave its tensors as they were."""
    before = [value.detach().clone() if isinstance(value, Tensor) else None for value in arguments]
    result = function(*arguments)
    for old, new in zip(before, arguments, strict=True):
        assert old is None or torch.equal(old, new.detach()), (
            f"{getattr(function, '__name__', 'the function')} changes its input in place; work on a copy"
        )
    return result
