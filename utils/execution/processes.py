"""A family of processes: its memory, and its end, also of members that have left their parents."""

import contextlib
import os
import signal

import psutil


class Family:
    """A process started as the leader of its own session, with every process that descends from it.

    A kernel has a session of its own, and so may what a notebook starts; sessions outlive the parent-child
    relation, so they are remembered whenever the family is looked at.
    """

    def __init__(self, leader: int):
        self.leader = leader
        self._sessions = {leader}

    def memory(self) -> int:
        """Resident bytes of all descendants together, without the leader; shared pages count repeatedly."""
        total = 0
        with contextlib.suppress(psutil.NoSuchProcess):
            for process in psutil.Process(self.leader).children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess, ProcessLookupError):
                    self._sessions.add(os.getsid(process.pid))
                    total += process.memory_info().rss
        return total

    def kill(self) -> None:
        """End every member at once, without asking."""
        self.memory()
        own = os.getsid(0)
        for pid in psutil.pids():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                session = os.getsid(pid)
                if session in self._sessions and session != own and pid != os.getpid():
                    os.kill(pid, signal.SIGKILL)
