"""Work in a forked process with a time limit, so that nothing it does reaches the next one."""

import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PATIENCE = 10  # an answer that sleeps instead of computing is stopped after so many times its limit


@dataclass(frozen=True)
class Outcome:
    """What became of the work: its value and seconds of processor time, or why there is none."""

    value: Any = None
    seconds: float = 0.0
    failure: str = ""


def forked(work: Callable[[], Any], limit: int) -> Outcome:
    """The outcome of ``work()``, computed in a fork of this process.

    Parameters
    ----------
    work
        Its value is sent back by pickle; what it prints is lost.
    limit
        Seconds of processor time, so that a busy machine changes nothing.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(work, limit, sender))
    process.start()
    sender.close()
    try:
        if receiver.poll(PATIENCE * limit):
            return Outcome(*receiver.recv())
        return Outcome(failure=f"took longer than {PATIENCE * limit} s")
    except EOFError:
        process.join()
        if process.exitcode == -signal.SIGXCPU:
            return Outcome(failure=f"took longer than {limit} s of processor time")
        return Outcome(failure="the answer ended its process")
    finally:
        process.kill()
        process.join()


def _child(work: Callable[[], Any], limit: int, sender: Any) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    value = work()
    sender.send((value, time.process_time()))
