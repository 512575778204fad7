"""The student's side: a process that runs cells, forks a copy of itself on request, and answers the judge.

Nothing that this process says is believed: it can only hand over data, which the judge then compares.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import socket
import sys
import time
from typing import Any

from utils.grading.peer import Peer

LONGEST_SOURCE = 4 << 20
SWEEP = 1.0  # seconds in which all that a copy has left running must have ended
ADOPT_ORPHANS = 36  # of prctl(2)


class Runner:
    """The names that cells have defined so far, and the answers to the judge's questions about them."""

    def __init__(self, sock: socket.socket, names: dict[str, Any]):
        self.names = names
        self.copies: set[int] = set()
        self.peer = Peer(sock, trusted=False)
        self.peer.serves = {
            "read": read_notebook,
            "run": self.run,
            "get": self.get,
            "fork": self.fork,
            "end": self.end,
            "ping": lambda: None,
        }

    def run(self, source: str) -> None:
        """Execute one cell; lines for the shell or for IPython do nothing."""
        exec(compile(_python(source), "<cell>", "exec"), self.names)

    def get(self, name: str) -> Any:
        """The value of a name.

        Raises
        ------
        NameError
            when no cell has defined it.
        """
        if name not in self.names:
            raise NameError(f"name '{name}' is not defined")
        return self.names[name]

    def fork(self, seconds: int, handle: int) -> int:
        """A copy of this process that answers on the socket ``handle`` and may compute for ``seconds``."""
        child = os.fork()
        if not child:
            serve(handle, self.names, seconds, self.peer.sock)
        os.close(handle)
        self.copies.add(child)
        return child

    def end(self, child: int, wait: float) -> int:
        """Wait so many seconds for the end of a copy, then end it, and what it has left running.

        Returns
        -------
        the signal that the copy had died of, or 0.
        """
        until = time.monotonic() + wait
        while not (found := os.waitpid(child, os.WNOHANG))[0] and time.monotonic() < until:
            time.sleep(0.005)
        self.copies.discard(child)
        until = time.monotonic() + SWEEP
        while (left := _children() - self.copies) and time.monotonic() < until:
            for process in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            for process in left:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(process, 0)
        if left:  # they multiply faster than they die: only the end of everything helps
            os._exit(1)
        return os.WTERMSIG(found[1]) if found[0] and os.WIFSIGNALED(found[1]) else 0


def _children() -> set[int]:
    """The children of this process; orphans below it have become its own."""
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        return set(map(int, file.read().split()))


def serve(handle: int, names: dict[str, Any], seconds: int, *others: socket.socket) -> None:
    """Answer on this socket until the judge closes it, and never return to what was before."""
    try:
        for other in others:
            other.close()
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(ADOPT_ORPHANS, 1)
        Runner(socket.socket(fileno=handle), names).peer.serve()
    finally:
        os._exit(0)


def read_notebook(handle: int) -> list[tuple[str, str, str]]:
    """Id, type and source of each cell of a notebook file of any version of the format.

    Raises
    ------
    ValueError
        when it is not a notebook.
    """
    with os.fdopen(handle, encoding="utf-8-sig") as file:
        notebook = json.load(file)
    if not isinstance(notebook, dict):
        raise ValueError("not a notebook")
    sheets = notebook.get("worksheets") or [notebook]
    cells = [cell for sheet in sheets for cell in sheet["cells"]]
    found = [_cell(cell) for cell in cells if isinstance(cell, dict)]
    if sum(len(source) for _, _, source in found) > LONGEST_SOURCE:
        raise ValueError("the cells hold more than 4 MB of text")
    return found


def _cell(cell: dict) -> tuple[str, str, str]:
    source = cell.get("source", cell.get("input", ""))
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    return str(cell.get("id", ""))[:80], str(cell.get("cell_type", ""))[:20], text


def _python(source: str) -> str:
    """The cell as plain Python: `%magic` and `!shell` lines become calls that do nothing."""
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(source)


class Shell:
    """In place of IPython's shell: lines for it do nothing, and a timed or captured cell is simply run."""

    def __init__(self, names: dict[str, Any]):
        self.names = names

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """Run a cell under a magic that only measures; others are ignored."""
        if name in ("time", "timeit", "capture"):
            exec(compile(_python(cell), "<cell>", "exec"), self.names)

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments, **named: None


def fresh_names() -> dict[str, Any]:
    """What a notebook knows before its first cell."""
    names: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
    shell = Shell(names)
    names |= {"get_ipython": lambda: shell, "display": lambda *arguments, **named: None}
    return names
