"""Answers that no check may accept, made from a right one: each takes a function and gives a worse one.

``rehearse`` calls the public checks with another function in its place. The worse function has an attribute
``acted``: whether it has ever behaved otherwise than the right one.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

Rehearse = Callable[[Callable], None]
Impostor = Callable[[Callable, Rehearse], Callable]


def identity(function: Callable, rehearse: Rehearse) -> Callable:
    """Returns its first argument."""

    @functools.wraps(function)
    def worse(*arguments: Any, **named: Any) -> Any:
        worse.acted = True
        return arguments[0]

    worse.acted = False
    return worse


def mutating(function: Callable, rehearse: Rehearse) -> Callable:
    """Returns the right result, but changes the first array among its arguments."""

    @functools.wraps(function)
    def worse(*arguments: Any, **named: Any) -> Any:
        result = function(*arguments, **named)
        for value in arguments:
            if isinstance(value, (torch.Tensor, np.ndarray)) and np.prod(value.shape):
                _change(value)
                worse.acted = True
                break
        return result

    worse.acted = False
    return worse


def memorizing(function: Callable, rehearse: Rehearse) -> Callable:
    """Knows the results of the public checks by heart, and repeats the last of them for other arguments."""
    known: list[tuple] = []

    @functools.wraps(function)
    def listening(*arguments: Any) -> Any:
        given = _copy(arguments)
        result = function(*arguments)
        known.append((given, _copy(result)))
        return result

    rehearse(listening)

    @functools.wraps(function)
    def worse(*arguments: Any) -> Any:
        same = [result for given, result in known if _same(given, arguments)]
        worse.acted = worse.acted or not same
        return _copy(same[-1] if same else known[-1][1])

    worse.acted = False
    return worse


def _change(value: torch.Tensor | np.ndarray) -> None:
    if isinstance(value, np.ndarray):
        value += 1
    elif value.ndim:
        value.data.copy_(value.data.roll(1, -1) + 1)
    else:
        value.data.add_(1)


def _copy(value: Any) -> Any:
    """Tensors without their history, containers of them, anything else as it is."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, (tuple, list)):
        return type(value)(_copy(item) for item in value)
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return value


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        return a.dtype == b.dtype and torch.equal(a, b)
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    return type(a) is type(b) and bool(a == b)
