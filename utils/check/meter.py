"""Processor seconds of this process and of all that descend from it, also of those that nobody waits for."""

import contextlib
import os
import threading

import psutil

SECONDS = 1.0  # between two looks


class Meter:
    """Looks at all descendants once a second, from a thread of its own, until the process ends.

    The system counts a child's seconds when its parent waits for it; a browser's are lost in this way. What
    lives shorter than the time between two looks is seen by the system alone. So the larger sum counts.
    """

    def __init__(self):
        self._spent: dict[psutil.Process, float] = {}
        self._earlier = _waited_for()
        self._lock = threading.Lock()
        threading.Thread(target=self._watch, daemon=True).start()

    def seconds(self) -> float:
        """What has been spent so far; never less than before."""
        self._look()
        times = os.times()
        children = max(sum(self._spent.values()), _waited_for() - self._earlier)
        return times.user + times.system + children

    def _watch(self) -> None:
        while True:
            self._look()
            threading.Event().wait(SECONDS)

    def _look(self) -> None:
        with self._lock, contextlib.suppress(psutil.Error):
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    times = process.cpu_times()
                    self._spent[process] = times.user + times.system


def _waited_for() -> float:
    """Seconds of all children that ended and were waited for, those before the meter's time too."""
    times = os.times()
    return times.children_user + times.children_system
