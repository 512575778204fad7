"""A family of processes: its memory, and its end, also of members that have left their parents."""

import contextlib
import ctypes
import os
import sys
import time

import psutil

MARK = "FRUGAL_RUN"  # the environment variable that every process of a run inherits
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
ROUNDS = 50  # a member may start another one while the members are being ended
PAUSE_SECONDS = 0.02


def adopt_orphans() -> None:
    """Let daemons of this process become its children, not those of process 1, so that they are found.

    Linux only; elsewhere a daemon is found by its mark.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class Family:
    """A process started as the leader of its own session, with every process that descends from it.

    Parameters
    ----------
    leader : process number; it has called :func:`adopt_orphans`. ``None`` where it is known to be gone.
    mark : the value of the environment variable ``MARK`` in the leader and in all that it starts.
    """

    def __init__(self, leader: int | None, mark: str):
        self.leader, self.mark = leader, mark
        self._sessions = {leader} - {None}
        self._spent: dict[psutil.Process, float] = {}

    def memory(self) -> int:
        """Resident bytes of all descendants together, without the leader; shared pages count repeatedly."""
        found = self._descendants()
        for process in found:
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                self._spent[process] = times.user + times.system
        return sum(map(_resident, found))

    def processor_seconds(self) -> float:
        """What all descendants had computed when ``memory`` last saw them."""
        return sum(self._spent.values())

    def kill(self) -> None:
        """End every member, without asking, until none is left."""
        self._descendants()  # learns the sessions that are left
        for _ in range(ROUNDS):
            members = [process for process in psutil.process_iter() if self._has(process)]
            for process in members:
                with contextlib.suppress(psutil.Error):
                    process.kill()
            if not members:
                return
            time.sleep(PAUSE_SECONDS)

    def _descendants(self) -> list[psutil.Process]:
        """Whoever descends from the leader now; their sessions outlive parents, so they are remembered."""
        found = []
        with contextlib.suppress(psutil.Error):
            found = psutil.Process(self.leader).children(recursive=True) if self.leader else []
        for process in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                self._sessions.add(_session(process.pid))
        return found

    def _has(self, process: psutil.Process) -> bool:
        """Whether a living process belongs to the family; the caller itself never does."""
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                return False
            session = _session(process.pid)
            return (
                session in self._sessions - {_session(os.getpid())}
                or process.environ().get(MARK) == self.mark
            )
        return False


def _session(pid: int) -> int:
    """The session of a process; its own number on Windows, which has none."""
    return os.getsid(pid) if hasattr(os, "getsid") else pid


def _resident(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return process.memory_info().rss
    return 0
