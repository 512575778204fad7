"""What an answer does beside its result: which operations it uses, and how much memory it holds.

Code is read as it was written: this catches who overlooked a rule, not who sets out to deceive.
"""

import ast
import gc
import linecache
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

SYMBOLS = {ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**", ast.Mult: "*", ast.MatMult: "@"}

# What gives a rule away, by its name in the code or as PyTorch's operator.
DIVISION = {
    "/",
    "//",
    "%",
    "divmod",
    "div",
    "divide",
    "true_divide",
    "floor_divide",
    "remainder",
    "fmod",
    "mod",
}
AUTOGRAD = {
    "autograd",
    "backward",
    "grad",
    "requires_grad",
    "requires_grad_",
    "jacobian",
    "jacrev",
    "jacfwd",
    "vjp",
}
COLLECTING = {"append", "extend", "insert", "list", "tuple"}
FRACTIONS = {"float", "double", "float32", "float64", "exp2", "ldexp"}
# Operators that move numbers and compute none; a grader packs tensors with those of the second set.
MOVES = {
    "view",
    "where",
    "clone",
    "detach",
    "slice",
    "select",
    "expand",
    "alias",
    "index",
    "copy_",
    "empty_like",
}
MOVES |= {
    "permute",
    "t",
    "transpose",
    "as_strided",
    "reshape",
    "_unsafe_view",
    "_reshape_alias",
    "contiguous",
}


def written(function: Callable) -> set[str]:
    """Operators, names and attributes in the code of a function, and of those of its cell that it calls."""
    cell = "".join(linecache.getlines(function.__code__.co_filename))
    known = {node.name: node for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.FunctionDef)}
    found, todo = set(), [function.__name__]
    while todo:
        node = known.pop(todo.pop(), None)
        names = set(_names(node)) if node else set()
        found |= names
        todo += [name for name in names if name in known]
    return found


def _names(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, (ast.BinOp, ast.AugAssign)):
            yield SYMBOLS.get(type(node.op), "")
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


class Performed(TorchDispatchMode):
    """Collects the names of PyTorch's operators meanwhile, and of those that compute with fractions."""

    def __init__(self):
        super().__init__()
        self.names: set[str] = set()
        self.fractional: set[str] = set()

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        name = function.overloadpacket.__name__
        result = function(*args, **(kwargs or {}))
        self.names.add(name)
        if isinstance(result, torch.Tensor) and result.is_floating_point() and name not in MOVES:
            self.fractional.add(name)
        return result


def held(function: Callable, stream: Iterable[Any]) -> tuple[Any, int]:
    """The result of ``function(stream)``, and the bytes that its tensors take when the stream has ended.

    The stream's own tensors do not count, also where somebody keeps them: a grader does, and runs the
    function in another process, of which nothing is seen here.
    """
    before, given, size = {id(tensor) for tensor in _alive()}, [], 0

    def watched() -> Iterator[Any]:
        nonlocal size
        for item in stream:
            given.extend(map(weakref.ref, item))
            yield item
        own = before | {id(tensor()) for tensor in given}
        size = sum(tensor.nbytes for tensor in _alive() if id(tensor) not in own)

    return function(watched()), size


def _alive() -> list[torch.Tensor]:
    return [thing for thing in gc.get_objects() if type(thing) is torch.Tensor]
