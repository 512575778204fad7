"""Answers that no check may accept, made from the solution: idle, repeating, spoiling their input."""

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np
import torch

from utils.labs.trial import Namespace


class Impostor:
    """Replaces functions of an answer, given by name, by worse ones."""

    def __init__(self, names: list[str]):
        self.names = names

    def __call__(self, namespace: Namespace, public: list) -> None:
        for name in self.names:
            if isinstance(namespace.get(name), FunctionType):
                self.replace(name, namespace, public)

    def replace(self, name: str, namespace: Namespace, public: list) -> None:
        namespace[name] = functools.wraps(namespace[name])(self.worse(namespace[name]))

    def worse(self, function: Callable) -> Callable:
        raise NotImplementedError


class Idle(Impostor):
    """Returns its first argument."""

    def worse(self, function: Callable) -> Callable:
        return lambda *arguments, **named: arguments[0]


class Spoiler(Impostor):
    """Returns the right answer, but changes the first array among its arguments."""

    def worse(self, function: Callable) -> Callable:
        def spoil(*arguments: Any, **named: Any) -> Any:
            result = function(*arguments, **named)
            for value in arguments:
                if isinstance(value, torch.Tensor) and value.numel():
                    value.data.copy_(value.data.roll(1, -1) + 1) if value.ndim else value.data.add_(1)
                    break
                if isinstance(value, np.ndarray) and value.size:
                    value += 1
                    break
            return result

        return spoil


class Parrot(Impostor):
    """Has learned the results of the public checks by heart, and repeats the last of them elsewhere."""

    def __call__(self, namespace: Namespace, public: list) -> None:
        heard: dict[str, list] = {
            name: [] for name in self.names if isinstance(namespace.get(name), FunctionType)
        }
        real = {name: namespace[name] for name in heard}
        for name in heard:
            namespace[name] = functools.partial(_listen, real[name], heard[name])
        for case in public:
            case.call_func(namespace)
        for name, lessons in heard.items():
            namespace[name] = functools.wraps(real[name])(functools.partial(_repeat, lessons))


def _listen(function: Callable, lessons: list, *arguments: Any) -> Any:
    given = _copy(arguments)
    result = function(*arguments)
    lessons.append((given, _copy(result)))
    return result


def _repeat(lessons: list, *arguments: Any) -> Any:
    known = [result for given, result in lessons if _same(given, arguments)]
    return _copy(known[-1] if known else lessons[-1][1])


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
