"""What the CPU kernels share: the processor's instruction sets and spreading rows over threads."""

import os
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import torch
from numba.core import config
from numba.core.codegen import get_host_cpu_features

from utils.errors import FrugalError

# Best first, each with the features that it needs, any one set of them. "vnni512" and "vnni256" multiply
# unsigned by signed bytes and add four products to an int32 in one instruction (vpdpbusd); "dotprod" is ARM's
# (sdot); "avx2" takes three instructions for that; "portable" is plain Numba.
_NEEDS = {
    "vnni512": ({"avx512vnni", "avx512bw"},),
    "vnni256": ({"avx512vnni", "avx512vl"}, {"avxvnni", "avx2"}),
    "avx2": ({"avx2"},),
    "dotprod": ({"dotprod"},),
    "portable": (set(),),
}


@cache
def instruction_sets() -> tuple[str, ...]:
    """The instruction sets that this processor has and Numba may use, best first."""
    return tuple(name for name, needs in _NEEDS.items() if any(some <= _features() for some in needs))


def has_features(*names: str) -> bool:
    """Whether this processor has these features, by LLVM's names ("avx512f"), and Numba may use them."""
    return _features().issuperset(names)


@cache
def _features() -> frozenset[str]:
    text = config.CPU_FEATURES if config.CPU_FEATURES is not None else get_host_cpu_features()
    return frozenset(feature[1:] for feature in text.split(",") if feature.startswith("+"))


def pick_instructions(name: str | None = None, among: Collection[str] = tuple(_NEEDS)) -> str:
    """The best instruction set of this processor that a kernel is written for, or the named one.

    Raises
    ------
    FrugalError
        when this processor does not have the named one.
    """
    if name is None:
        return next((one for one in instruction_sets() if one in among), "portable")
    if name not in instruction_sets():
        raise FrugalError(f"this processor has no '{name}'; it has: {', '.join(instruction_sets())}.")
    return name


def over_rows(task: Callable[[int, int], None], rows: int, block: int, parallel: bool = True) -> None:
    """Call ``task(first, last)`` on blocks of rows, spread over ``torch.get_num_threads()`` threads.

    The task must be a Numba function compiled with ``nogil=True`` and write only to its own rows, so the
    result does not depend on the number of threads. A thread pool is used rather than Numba's own
    threads, which abort the process when two Python threads enter them at once.
    """
    blocks = [(first, min(first + block, rows)) for first in range(0, rows, block)]
    threads = min(torch.get_num_threads(), len(blocks))
    if threads < 2 or not parallel:
        for first, last in blocks:
            task(first, last)
        return
    list(_pool(threads).map(lambda bounds: task(*bounds), blocks))


def _after_fork() -> None:
    """Let a forked child compute on one thread, as the workers of PyTorch's ``DataLoader`` do.

    It has the pools, ours and PyTorch's, but none of their threads, and would wait for them for ever.
    """
    _pool.cache_clear()
    torch.set_num_threads(1)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="frugal-kernel")
