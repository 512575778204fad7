"""One file from one URL: never more bytes than registered, never without end, resumed where it broke off."""

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from utils.data.registry import File

SILENCE_SECONDS = 30  # without a byte
LEAST_SECONDS = 60  # for any file, and then a second for each
SLOWEST = 20_000  # bytes
CHUNK = 1 << 16  # bytes


class BrokenOff(Exception):
    """A download that failed, with the reason in a few words; ``again``: another try may do better."""

    def __init__(self, reason: str, again: bool = True) -> None:
        super().__init__(reason)
        self.again = again


class WrongBytes(BrokenOff):
    """What came is not the file: nothing of it is kept."""


def download(url: str, file: File, path: Path, advance: Callable[[int], None], stopped: Callable[[], bool]):
    """Write ``file`` to ``path``, which appears complete and checked or stays as it was.

    What came before a connection broke lies beside it as ``.NAME.part`` and is not asked for again.

    Parameters
    ----------
    advance : called with the number of bytes that came.
    stopped : asked at every piece whether to give up.

    Raises
    ------
    BrokenOff
        when the server does not give these bytes, or not in time.
    OSError
        when the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with _alone(part, stopped) as stream:
        resumed = stream.tell()
        advance(resumed)
        try:
            if resumed < file.bytes:
                _take(url, file, stream, advance, stopped)
            stream.flush()
            if hashlib.sha256(part.read_bytes()).hexdigest() != file.sha256:
                raise WrongBytes("wrong bytes (SHA-256 differs)", again=bool(resumed))
        except BrokenOff as error:
            advance(-stream.tell())
            if isinstance(error, WrongBytes) or not stream.tell():
                part.unlink()
            raise
        part.replace(path)


@contextmanager
def _alone(part: Path, stopped: Callable[[], bool]) -> Iterator[BinaryIO]:
    """The partial file, open at its end; another process that downloads it is waited for."""
    import fcntl  # not everywhere, and needed only here

    with part.open("ab") as stream:
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                _check(stopped)
                time.sleep(0.1)
        if not (part.exists() and os.path.samestat(part.stat(), os.fstat(stream.fileno()))):
            raise BrokenOff("another process has brought it")
        stream.seek(0, os.SEEK_END)
        yield stream


def _take(url: str, file: File, stream: BinaryIO, advance: Callable, stopped: Callable) -> None:
    here = stream.tell()
    end = time.monotonic() + LEAST_SECONDS + (file.bytes - here) / SLOWEST
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={here}-"} if here else {})
    try:
        with requests.get(url, headers=headers, stream=True, timeout=SILENCE_SECONDS) as answer:
            answer.raise_for_status()
            if answer.status_code != requests.codes.partial:
                advance(-here)
                stream.seek(0)
                stream.truncate()
            while piece := answer.raw.read1(CHUNK):
                _check(stopped)
                stream.write(piece)
                advance(len(piece))
                if stream.tell() > file.bytes:
                    raise WrongBytes(f"more than the {file.bytes:,} bytes of this file", again=False)
                if stream.tell() < file.bytes and time.monotonic() > end:
                    raise BrokenOff("too slow")
    except (requests.RequestException, HTTPError) as error:
        raise _reason(error) from error
    if stream.tell() < file.bytes:
        raise BrokenOff("the connection broke off")


def _check(stopped: Callable[[], bool]) -> None:
    if stopped():
        raise BrokenOff("stopped", again=False)


def _reason(error: Exception) -> BrokenOff:
    """What went wrong in a few words; the texts of the libraries run over several lines."""
    if isinstance(error, requests.HTTPError):
        status = error.response.status_code
        return BrokenOff(f"the server answered {status}", again=status >= 500)
    if isinstance(error, (requests.exceptions.InvalidSchema, requests.exceptions.InvalidURL)):
        scheme = re.search(r"'(\w+):", str(error))
        where = f"to '{scheme[1]}:', which is no address of the web" if scheme else "to no valid address"
        return BrokenOff(f"the server redirects {where}", again=False)
    if isinstance(error, (requests.Timeout, ReadTimeoutError)):
        return BrokenOff("no answer")
    return BrokenOff("no connection, or it broke off")
