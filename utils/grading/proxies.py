"""What stands for an object of the other side: a name to call, to iterate or to ask for attributes."""

from collections.abc import Iterator
from typing import Any

import torch

OPTIMIZER_METHODS = ("step", "zero_grad")
MOST_ITEMS = 100_000


class Handle:
    """An object of the other side. Nothing is forwarded but calls, items and plain attributes."""

    def __init__(self, peer: Any, ref: int, name: str):
        self._peer, self._ref = peer, ref
        self.__name__ = self.__qualname__ = name

    @staticmethod
    def of(peer: Any, ref: int, kind: str, name: str) -> "Handle":
        """The handle for a kind of :func:`utils.grading.codec.kind_of`."""
        return KINDS[kind](peer, ref, name)


class Function(Handle):
    """A function of the other side."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call the function in the other process."""
        return self._peer.request("call", self, list(arguments), named)


class Object(Handle):
    """An object whose attributes the judge may read (the student's process reads none of the judge's)."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not self._peer.trusted:
            raise AttributeError(name)
        return self._peer.request("attribute", self, name)


class Class(Function, Object):
    """A class: called, it makes an object over there."""


class Items(Handle, Iterator):
    """An iterator of the other side."""

    taken = 0

    def __next__(self) -> Any:
        from utils.grading.peer import _END

        self.taken += 1
        if self.taken > MOST_ITEMS:
            raise ValueError("an iterator does not end")
        value = self._peer.request("next", self)
        if isinstance(value, str) and value == _END:
            raise StopIteration
        return value


class Optimizer(Handle):
    """An optimizer of a check, in the student's hands."""

    def step(self) -> None:
        """Take a step in the other process."""
        self._peer.request("method", self, "step")

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients in the other process."""
        self._peer.request("method", self, "zero_grad")


KINDS = {"function": Function, "class": Class, "iterator": Items, "optimizer": Optimizer, "object": Object}


class Remote(torch.autograd.Function):
    """A result computed on the other side; its gradient is asked for there."""

    @staticmethod
    def forward(ctx: Any, peer: Any, number: int, value: torch.Tensor, *inputs: torch.Tensor) -> torch.Tensor:
        """Hand the value through and remember whose it is."""
        ctx.peer, ctx.number = peer, number
        ctx.shapes = [(t.shape, t.dtype) for t in inputs]
        return value.view_as(value)

    @staticmethod
    def backward(ctx: Any, upstream: torch.Tensor) -> tuple:
        """Ask the other process for the gradients of its inputs."""
        slopes = ctx.peer.request("gradient", ctx.number, upstream)
        fits = isinstance(slopes, list) and len(slopes) == len(ctx.shapes)
        if not fits or not all(map(_fits, slopes, ctx.shapes)):
            raise ValueError("the gradient does not fit its inputs")
        return None, None, None, *slopes


def _fits(slope: Any, shape: tuple) -> bool:
    return slope is None or (isinstance(slope, torch.Tensor) and (slope.shape, slope.dtype) == shape)
