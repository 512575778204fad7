"""A fixed small computation, timed: it tells a slow machine, or a crowded one, from slow code."""

import time

import numpy as np

# What it takes on the machine of the book's figures (one core of an AVX2 server, nothing else running).
REFERENCE_SECONDS = 0.044
TRIES = 3


def measure() -> float:
    """How many times as long as on the book's machine one core takes for the computation, here and now.

    It counts the processor seconds of this thread, the least of ``TRIES``; it takes a fifth of a second.
    """
    return min(_seconds() for _ in range(TRIES)) / REFERENCE_SECONDS


def _seconds() -> float:
    start = time.thread_time()
    _work()
    return time.thread_time() - start


def _work() -> float:
    """Half in Python's own loop, half in loops over arrays, as notebooks and tests are."""
    total = sum(number * number % 7 for number in range(250_000))
    values = np.arange(200_000.0)
    for _ in range(20):
        values = np.sqrt(values * values + 1.0)
    return total + float(np.sort(values[::-1]).sum())
