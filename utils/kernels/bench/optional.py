"""Peers that may be missing: each is measured, or named with the reason."""

import importlib.util
from collections.abc import Callable

from utils.kernels.bench.case import Absent

Peers = dict[str, Callable[[], object] | Absent]


def optional(name: str, build: Callable[[], Callable[[], object]], *packages: str) -> Peers:
    """The peer that ``build`` makes, or why there is none: missing packages, or an error in building it."""
    missing = [package for package in packages if importlib.util.find_spec(package) is None]
    if missing:
        return {name: Absent(f"not installed: {', '.join(missing)}")}
    try:
        return {name: build()}
    except Exception as error:  # another library's own errors, of any kind
        return {name: Absent(raised(error))}


def raised(error: Exception) -> str:
    """An error in a line."""
    lines = str(error).strip().splitlines() or ["no message"]
    return f"raised {type(error).__name__}: {lines[0][:160]}"
