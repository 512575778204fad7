"""What a value becomes on the wire, and what is made of it on the other side."""

import functools
import importlib
import types
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from utils.grading.wire import DEEPEST, ProtocolError

PLAIN = (type(None), bool, str)
DTYPES = {str(v).removeprefix("torch."): v for v in vars(torch).values() if isinstance(v, torch.dtype)}
LIBRARIES = ("torch", "numpy", "math", "builtins", "operator")
LONGEST_RANGE = 1_000_000


def raw(tensor: torch.Tensor) -> bytes:
    """The numbers of a tensor, row after row."""
    flat = tensor.detach().resolve_conj().resolve_neg().contiguous().reshape(-1)
    return flat.view(torch.uint8).numpy().tobytes()


def pack_tensor(tensor: torch.Tensor, blobs: list[bytes]) -> list:
    """Dtype, shape, order of the dimensions in memory, place of the bytes."""
    order = sorted(range(tensor.ndim), key=lambda i: -tensor.stride(i))
    blobs.append(raw(tensor.detach().permute(order)))
    return [str(tensor.dtype).removeprefix("torch."), list(tensor.shape), order, len(blobs) - 1]


def unpack_tensor(packed: list, blobs: list) -> torch.Tensor:
    """The tensor of :func:`pack_tensor`, in memory of its own.

    Raises
    ------
    ProtocolError
        when sizes or dtypes do not fit.
    """
    try:
        name, shape, order, place = packed
        dtype, inverse = DTYPES[name], [order.index(i) for i in range(len(shape))]
        data = torch.frombuffer(bytearray(blobs[place]) or bytearray(1), dtype=torch.uint8)
        data = data[: len(blobs[place])].clone().view(dtype)
        return data.reshape([shape[i] for i in order]).permute(inverse)
    except (KeyError, ValueError, TypeError, IndexError, RuntimeError) as error:
        raise ProtocolError(f"a tensor cannot be read ({type(error).__name__})") from None


def same(a: torch.Tensor, b: bytes) -> bool:
    """Whether the tensor still holds these bytes."""
    return raw(a) == b


class Encoder:
    """Makes plain data of a value; ``peer`` keeps what cannot travel."""

    def __init__(self, peer: Any):
        self.peer, self.blobs = peer, []

    def __call__(self, value: Any, depth: int = 0) -> Any:
        """The value in the form that can be sent, or back from it."""
        if depth > DEEPEST:
            raise ValueError("a value is nested too deeply to be handed over")
        if type(value) in PLAIN:
            return value
        if value is ...:
            return ["ellipsis"]
        for kind, encode in self.KINDS:
            if isinstance(value, kind):
                return encode(self, value, depth + 1)
        return self._library(value, depth) or self.peer.keep(value)

    def _many(self, tag: str, values: Any, depth: int) -> list:
        return [tag, [self(item, depth) for item in values]]

    def _array(self, value: Any, depth: int) -> list:
        if value.dtype.kind not in "biufc":
            return self._many("list", value.tolist(), depth) if value.ndim else self(value.item(), depth)
        self.blobs.append(np.asarray(value).tobytes())
        tag = "array" if isinstance(value, np.ndarray) else "scalar"
        return [tag, value.dtype.str, list(value.shape), len(self.blobs) - 1]

    def _tensor(self, value: torch.Tensor, depth: int) -> list:
        return self.peer.send_tensor(value, self.blobs)

    def _generator(self, value: torch.Generator, depth: int) -> list:
        return self.peer.send_generator(value, self.blobs)

    def _bytes(self, value: bytes, depth: int) -> list:
        self.blobs.append(bytes(value))
        return ["bytes", len(self.blobs) - 1]

    def _range(self, value: range, depth: int) -> list:
        if len(value) > LONGEST_RANGE:
            raise ValueError("a range is too long to be handed over")
        return self._many("list", value, depth)

    def _library(self, value: Any, depth: int) -> list | None:
        """Functions and classes of libraries go by name, from the judge to the student's process only."""
        if not self.peer.trusted:
            return None
        if isinstance(value, functools.partial):
            parts = value.func, value.args, dict(value.keywords)
            return self._many("partial", parts, depth)
        module, name = getattr(value, "__module__", None) or "", getattr(value, "__qualname__", "")
        if module.split(".")[0] not in LIBRARIES or "." in name or not callable(value):
            return None
        known = getattr(importlib.import_module(module), name, None)
        return ["library", module, name] if known is value else None

    KINDS = (
        (bool, lambda self, v, d: bool(v)),
        (np.generic, _array),
        (int, lambda self, v, d: int(v)),
        (float, lambda self, v, d: float(v)),
        (str, lambda self, v, d: str.__str__(v)),
        (complex, lambda self, v, d: ["complex", v.real, v.imag]),
        ((list, deque), lambda self, v, d: self._many("list", v, d)),
        (tuple, lambda self, v, d: self._many("tuple", v, d)),
        (dict, lambda self, v, d: self._many("dict", [tuple(pair) for pair in v.items()], d)),
        (set, lambda self, v, d: self._many("set", v, d)),
        (frozenset, lambda self, v, d: self._many("set", v, d)),
        ((type({}.keys()), type({}.values()), type({}.items())), lambda self, v, d: self._many("list", v, d)),
        (range, _range),
        ((bytes, bytearray), _bytes),
        (torch.Tensor, _tensor),
        (torch.Generator, _generator),
        (torch.dtype, lambda self, v, d: ["dtype", str(v).removeprefix("torch.")]),
        (np.ndarray, _array),
    )


class Decoder:
    """Makes a value of plain data. Only the student's side follows names of libraries."""

    def __init__(self, peer: Any, blobs: list):
        self.peer, self.blobs = peer, blobs

    def __call__(self, data: Any) -> Any:
        """The value in the form that can be sent, or back from it."""
        if not isinstance(data, list):
            if isinstance(data, dict):
                raise ProtocolError("a value cannot be read")
            return data
        try:
            return self.TAGS[data[0]](self, *data[1:])
        except (LookupError, TypeError, ValueError, OverflowError, RuntimeError) as error:
            raise ProtocolError(f"a value cannot be read ({type(error).__name__})") from None

    def _many(self, kind: type, values: list) -> Any:
        return kind(map(self, values))

    def _array(self, dtype: str, shape: list, place: int) -> np.ndarray:
        kind = np.dtype(dtype)
        if kind.hasobject:
            raise ProtocolError("an array cannot be read")
        return np.frombuffer(bytes(self.blobs[place]), kind).reshape(shape).copy()

    def _library(self, module: str, name: str) -> Any:
        if self.peer.trusted:
            raise ProtocolError("the judge calls no library on request")
        return getattr(importlib.import_module(module), name)

    def _partial(self, parts: list) -> Any:
        if self.peer.trusted:
            raise ProtocolError("the judge calls no library on request")
        function, arguments, named = map(self, parts)
        return functools.partial(function, *arguments, **named)

    TAGS = types.MappingProxyType(
        {
            "ellipsis": lambda self: ...,
            "list": lambda self, v: self._many(list, v),
            "tuple": lambda self, v: self._many(tuple, v),
            "set": lambda self, v: self._many(set, v),
            "dict": lambda self, v: self._many(dict, v),
            "complex": lambda self, re, im: complex(re, im),
            "bytes": lambda self, place: bytes(self.blobs[place]),
            "dtype": lambda self, name: DTYPES[name],
            "array": _array,
            "scalar": lambda self, *data: self._array(*data)[()],
            "library": _library,
            "partial": _partial,
            "tensor": lambda self, *data: self.peer.receive_tensor(self, *data),
            "generator": lambda self, *data: self.peer.receive_generator(self, *data),
            "known": lambda self, mine, ref: self.peer.known(mine, ref),
            "handle": lambda self, *data: self.peer.handle(*data),
        }
    )


def kind_of(value: Any) -> str:
    """How the other side may use a handle."""
    if isinstance(value, Iterator):
        return "iterator"
    if isinstance(value, torch.optim.Optimizer):
        return "optimizer"
    if isinstance(value, type):
        return "class"
    return "function" if callable(value) else "object"
