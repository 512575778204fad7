"""Comparing run times on a machine that is not quiet: interleaved rounds, medians, ratios with a spread."""

import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from utils.errors import FrugalError

SHORTEST = 1e-3  # seconds a sample lasts at least, so that the clock's own cost does not count


@dataclass(frozen=True)
class Timing:
    """How long one call takes, in seconds, and how it stands to the baseline."""

    median: float
    low: float  # first quartile
    high: float  # third quartile
    first: float  # the first call, with whatever it compiles or allocates
    ratio: float  # baseline's time over this one: 2 means twice as fast as the baseline
    ratio_low: float
    ratio_high: float

    def __str__(self) -> str:
        return (
            f"{seconds_text(self.median)} ({seconds_text(self.low)} to {seconds_text(self.high)}), "
            f"{self.ratio:.3g} times the baseline's speed; first call {seconds_text(self.first)}"
        )


def compare_times(
    functions: Mapping[str, Callable[[], object]], repeats: int = 15, warmup: int = 2, threads: int = 1
) -> dict[str, Timing]:
    """Time functions side by side; the first one is the baseline.

    Every round calls each function once, in an order that rotates, so that a slow second of the machine
    hits all of them; ratios are formed within a round. Short functions are called several times a sample.
    Work on a GPU is waited for. The first call is reported apart and never counted. On a CPU all of them run
    on ``threads`` threads; with one, what else the machine does disturbs least.

    Raises
    ------
    FrugalError
        when there is nothing to time.
    """
    if not functions or repeats < 1:
        raise FrugalError("compare_times needs at least one function and one repeat.")
    with threads_set_to(threads):
        first = {name: _sample(function, 1) for name, function in functions.items()}
        samples = _rounds(functions, repeats, warmup)
    baseline = samples[next(iter(functions))]
    return {name: _timing(times, baseline, first[name]) for name, times in samples.items()}


@contextmanager
def threads_set_to(count: int) -> Iterator[None]:
    """Run PyTorch and the book's kernels on ``count`` threads for a while."""
    import torch  # here: pages that only write down times need not wait for it

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def fastest(function: Callable[[], object], seconds: float = 0.15) -> float:
    """Seconds of the fastest call within ``seconds``: what the machine can do when nothing disturbs it."""
    calls = _calls_per_sample(function, warmup=2)
    end = time.perf_counter() + seconds
    best = _sample(function, calls)
    while time.perf_counter() < end:
        best = min(best, _sample(function, calls))
    return best


def seconds_text(seconds: float) -> str:
    """Three significant digits with a fitting unit: "1.25 ms"."""
    for factor, unit in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= factor:
            return f"{seconds / factor:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def _rounds(
    functions: Mapping[str, Callable[[], object]], repeats: int, warmup: int
) -> dict[str, np.ndarray]:
    counts = {name: _calls_per_sample(function, warmup) for name, function in functions.items()}
    names = list(functions)
    samples: dict[str, list[float]] = {name: [] for name in names}
    for round_number in range(repeats):
        start = round_number % len(names)
        for name in names[start:] + names[:start]:
            samples[name].append(_sample(functions[name], counts[name]))
    return {name: np.array(times) for name, times in samples.items()}


def _timing(times: np.ndarray, baseline: np.ndarray, first: float) -> Timing:
    low, median, high = np.percentile(times, [25, 50, 75])
    ratio_low, ratio, ratio_high = np.percentile(baseline / times, [25, 50, 75])
    return Timing(*(float(v) for v in (median, low, high, first, ratio, ratio_low, ratio_high)))


def _calls_per_sample(function: Callable[[], object], warmup: int) -> int:
    """Warm up, then say how many calls fill the shortest sample."""
    fastest = min(_sample(function, 1) for _ in range(max(1, warmup)))
    return max(1, math.ceil(SHORTEST / max(fastest, 1e-9)))


def _sample(function: Callable[[], object], calls: int) -> float:
    """Seconds for one call, averaged over ``calls`` of them."""
    _wait()
    start = time.perf_counter()
    for _ in range(calls):
        function()
    _wait()
    return (time.perf_counter() - start) / calls


def _wait() -> None:
    """Let the GPU finish: its calls return before the work is done."""
    torch = sys.modules.get("torch")
    if torch and torch.cuda.is_available() and torch.cuda.is_initialized():
        torch.cuda.synchronize()
