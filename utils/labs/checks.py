"""What the checks of all labs have in common: assertions whose messages a student can act on.

Each function raises ``AssertionError`` with one sentence: what was expected here, what came, where to look.
``what`` names the value in the student's words; ``hint`` says where to look, never what the answer is.

A right answer in single precision is off by some 1e-7 of its size, after long sums by 1e-5; a misconception
moves a value by a percent or more. ``PRECISION`` lies between, and a check with another tolerance says why.
"""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

PRECISION = 1e-4
LONGEST = 60  # characters of a value that a message shows


def answered(*values: Any) -> None:
    """Every value has been filled in: neither missing nor the placeholder ``...``."""
    for value in values:
        unanswered = value is None or value is ...
        assert not unanswered, "not answered yet: replace the ... (a function must return its result)"


def call(function: Callable, *arguments: Any, **named: Any) -> Any:
    """The result of ``function(*arguments)``; an error in it becomes a sentence that says which call."""
    result = maybe(function, *arguments, **named)
    answered(result)
    return result


def maybe(function: Callable, *arguments: Any, **named: Any) -> Any:
    """As :func:`call`, but None is a result, too."""
    answered(function)
    try:
        return function(*arguments, **named)
    except Exception as error:
        if isinstance(error, AssertionError) or type(error).__module__ != "builtins":
            raise  # a check's own sentence, or an error of whoever runs the check
        shown = ", ".join([*map(shape_of, arguments), *(f"{name}={value}" for name, value in named.items())])
        raise AssertionError(
            f"{_name(function)}({shown}) stops with {type(error).__name__}: {error}"
        ) from error


def keeps(function: Callable, *arguments: Any, **named: Any) -> Any:
    """As :func:`call`, and ``function`` must leave the tensors that it is given as they were."""
    given = [tensor for value in arguments for tensor in _tensors(value)]
    before = [value.detach().clone() for value in given]
    result = call(function, *arguments, **named)
    for old, new in zip(before, given, strict=True):
        same = torch.equal(old.nan_to_num(), new.detach().nan_to_num())
        assert same, f"{_name(function)} changes its input in place; work on a copy"
    return result


def tensor(value: Any, shape: tuple[int, ...], dtype: torch.dtype, what: str) -> None:
    """``value`` is a tensor of exactly this shape and dtype."""
    answered(value)
    assert isinstance(value, Tensor), f"{what} must be a tensor, not {type(value).__name__}"
    assert value.shape == shape, f"{what} has shape {tuple(value.shape)} where {tuple(shape)} is needed"
    assert value.dtype == dtype, f"{what} has dtype {value.dtype} where {dtype} is needed"


def equal(value: Any, expected: Tensor, what: str, hint: str) -> None:
    """``value`` is a tensor of the shape and dtype of ``expected`` that holds exactly its numbers."""
    tensor(value, expected.shape, expected.dtype, what)
    _agree(value, expected, 0.0, what, hint)


def close(value: Any, expected: Tensor, what: str, hint: str, tolerance: float | None = None) -> None:
    """As :func:`equal`, but each number may be off by ``tolerance``.

    By default that is ``PRECISION`` times the largest number expected. NaN is never close.
    """
    tensor(value, expected.shape, expected.dtype, what)
    _agree(value, expected, tolerance, what, hint)


def number(
    value: Any, expected: float, what: str, hint: str, tolerance: float | None = None, told: bool = True
) -> None:
    """``value`` is one number (of Python, NumPy or PyTorch) that is close to ``expected``.

    ``told`` says whether the message may name the number expected: not where it is the answer itself.
    """
    numbers([value], [expected], what, hint, tolerance, told)


def numbers(
    values: Any,
    expected: Iterable[float],
    what: str,
    hint: str,
    tolerance: float | None = None,
    told: bool = True,
) -> None:
    """``values`` is a list, tuple, array or tensor of numbers, each close to the one expected."""
    wanted = torch.as_tensor(list(expected), dtype=torch.float64)
    found = torch.tensor(series(values, what, len(wanted)), dtype=torch.float64)
    _agree(found, wanted, tolerance, what, hint, told)


def series(values: Any, what: str, length: int | None = None) -> list[float]:
    """The numbers in a list, tuple, array or tensor (of this length, where one is given)."""
    sequence(values, length, what)
    return [real(value, what) for value in values]


def sequence(value: Any, length: int | None, what: str) -> None:
    """``value`` is a list, tuple, array or tensor with this many entries (None: with any number)."""
    answered(value)
    listed = isinstance(value, (Sequence, np.ndarray, Tensor)) and not isinstance(value, str)
    listed = listed and (not hasattr(value, "ndim") or value.ndim > 0)
    some = "numbers" if length is None else length
    assert listed, f"{what} must be a list of {some}, not {_shown(value)}"
    assert length in (None, len(value)), f"{what} has {len(value)} entries where {length} are needed"
    answered(*value)


def keys(value: Any, names: Iterable[Any], what: str) -> None:
    """``value`` is a dictionary with exactly these keys, no value left as ``...``."""
    answered(value)
    assert isinstance(value, dict), f"{what} must be a dictionary, not {_shown(value)}"
    missing, other = set(names) - set(value), set(value) - set(names)
    assert not missing, f"{what} lacks {_listed(missing)}"
    assert not other, f"{what} has {_listed(other)}, which the task does not ask for"
    assert not any(item is ... for item in value.values()), f"{what} is not complete yet: replace the ..."


def same(value: Any, expected: Any, what: str, hint: str) -> None:
    """``value`` is this word, whole number, tuple or None."""
    assert value is not ..., "not answered yet: replace the ... (a function must return its result)"
    try:
        agrees = bool(np.all(value == expected)) and isinstance(value, bool) == isinstance(expected, bool)
    except ValueError:  # of arrays whose shapes do not go together
        agrees = False
    assert agrees, f"{what} is {_shown(value)} where {_shown(expected)} is expected: {hint}"


def truth(value: Any, what: str) -> bool:
    """``value`` as True or False; 0 and 1 count, of Python, NumPy or PyTorch."""
    answered(value)
    one = isinstance(value, (Tensor, np.generic, np.ndarray)) and not value.ndim
    plain = value.item() if one else value
    known = isinstance(plain, (bool, int)) and plain in (0, 1)
    assert known, f"{what} must be True or False, not {_shown(value)}"
    return bool(plain)


def gradient(leaf: Tensor, what: str) -> Tensor:
    """The gradient that has arrived at ``leaf``."""
    assert leaf.grad is not None, f"no gradient reaches {what}: it is cut off (detached) on the way"
    return leaf.grad


def explain(value: Any, faults: dict[str, Any], otherwise: str) -> str:
    """The hint for a wrong value: that of the first faulty value with which it agrees, else ``otherwise``.

    A value that cannot be read as numbers agrees with none; the check that follows says what it must be.
    """
    for hint, faulty in faults.items():
        wanted = torch.as_tensor(faulty).detach().double()
        with contextlib.suppress(TypeError, ValueError, RuntimeError):
            found = torch.as_tensor(value).detach().double()
            alike = found.shape == wanted.shape
            if alike and bool((found - wanted).abs().le(PRECISION * wanted.abs().max()).all()):
                return hint
    return otherwise


def shape_of(value: Any) -> str:
    """A short form of an argument: of a tensor its shape."""
    return f"tensor{tuple(value.shape)}" if isinstance(value, Tensor) else _shown(value)


def _agree(
    value: Tensor, expected: Tensor, tolerance: float | None, what: str, hint: str, told: bool = True
) -> None:
    if not expected.numel():
        return
    if tolerance is None:
        finite = expected.detach().abs()[expected.isfinite()]
        tolerance = PRECISION * (finite.max().item() if finite.numel() and finite.max() > 0 else 1.0)
    off = (value.detach().double() - expected.detach().double()).abs()
    off = torch.where(value == expected, 0.0, off.nan_to_num(torch.inf))
    if bool((off <= tolerance).all()):
        return
    place = np.unravel_index(int(off.argmax()), tuple(off.shape))
    where = f" at {[int(i) for i in place]}" if value.numel() > 1 else ""
    came, wanted = (f"{x[tuple(place)].item():.6g}" for x in (value, expected))
    wanted = f" where {wanted} is expected" if told else ""
    raise AssertionError(f"{what} is {came}{where}{wanted}: {hint}")


def real(value: Any, what: str) -> float:
    """``value``, one number of Python, NumPy or PyTorch, as Python's."""
    answered(value)
    if isinstance(value, (Tensor, np.ndarray, np.generic)):
        one = int(np.prod(value.shape)) == 1
        assert one, f"{what} must be one number, not a tensor of shape {tuple(value.shape)}"
        value = value.item()
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    assert plain, f"{what} must be a number, not {_shown(value)}"
    return float(value)


def _tensors(value: Any) -> list[Tensor]:
    """The tensors in an argument that may be a list of them."""
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in _tensors(item)]
    return [value] if isinstance(value, Tensor) else []


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def _listed(names: Iterable[Any]) -> str:
    return ", ".join(sorted(map(str, names)))


def _name(function: Any) -> str:
    return getattr(function, "__name__", "the function")
