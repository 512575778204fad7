"""Ctrl-C: a command ends within two seconds and with one sentence, however often it is pressed."""

import contextlib
import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

SECONDS_TO_CLEAN_UP = 1.5
SENTENCE = "frugal: interrupted; call the same command again to go on."
STATUS = 130  # what shells report for a command that Ctrl-C ended
_said = threading.Lock()


def listen() -> None:
    """Let the first Ctrl-C raise KeyboardInterrupt; the following ones do not disturb the cleaning up.

    What has not ended ``SECONDS_TO_CLEAN_UP`` later is left: threads that wait for a server, for instance. A
    process that ignores Ctrl-C, as a shell's background job does, goes on ignoring it.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        owner = os.getpid()
        signal.signal(signal.SIGINT, lambda number, frame: _interrupt(owner, frame))


def leave() -> NoReturn:
    """Say that the command was interrupted and end this process now, without waiting for its threads."""
    if _said.acquire(blocking=False):  # the main thread and the timer may both come here
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            print(SENTENCE, file=sys.stderr, flush=True)
        os._exit(STATUS)
    threading.Event().wait()


def _interrupt(owner: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.getpid() == owner:  # a forked child is ended by its parent, which speaks for both
        timer = threading.Timer(SECONDS_TO_CLEAN_UP, leave)
        timer.daemon = True
        timer.start()
    raise KeyboardInterrupt
