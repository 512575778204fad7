"""Getting a data file: from the cache where it is, else from the first URL that gives the right bytes."""

import errno
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tqdm import tqdm

from utils.data import cache
from utils.data.download import BrokenOff, download
from utils.data.registry import DataSet, File, find
from utils.errors import FrugalError
from utils.files import write_atomic

RETRIES = 2  # after the first try, for each URL
PAUSE_SECONDS = 1
PARALLEL = 4  # polite to the servers, and enough to hide their latency


def fetch(name: str, file_name: str) -> Path:
    """Path of one file of a registered data set, downloaded once and checked by SHA-256 at every call.

    Parameters
    ----------
    name, file_name : str
        As in ``sets/NAME.yml``: ``fetch("tiny_shakespeare", "input.txt")``.

    Raises
    ------
    FrugalError
        when the set or file is not registered; when the file is in no cache and cannot be downloaded (the
        message says where to put it by hand); when the disk is full.
    """
    return fetch_all(name, [file_name])[0]


def fetch_all(name: str, file_names: list[str] | None = None) -> list[Path]:
    """Paths of several files of a set, all by default, downloaded side by side; errors as ``fetch``."""
    data_set = find(name)
    files = data_set.files if file_names is None else [data_set.file(file_name) for file_name in file_names]
    _show_license(data_set)
    paths = {file: _find(data_set, file) for file in files}
    missing = [file for file in files if paths[file] is None]
    if missing:
        paths |= zip(missing, _download_all(data_set, missing), strict=True)
    return [paths[file] for file in files]


def _find(data_set: DataSet, file: File) -> Path | None:
    """Where an intact copy lies; a damaged one is mentioned, and never used."""
    for path in cache.places(data_set, file):
        state = cache.state(path, file)
        if state == "ok":
            return path
        if state == "corrupt":
            print(f"{path} is corrupt (its SHA-256 is wrong): downloading it again.", file=sys.stderr)
    return None


def _download_all(data_set: DataSet, files: list[File]) -> list[Path]:
    """Side by side, with one bar for the bytes of all; Ctrl-C and the first failure stop the others."""
    stop, pool = threading.Event(), ThreadPoolExecutor(PARALLEL)
    total = sum(file.bytes for file in files)
    try:
        with tqdm(total=total, desc=data_set.name, unit="B", unit_scale=True) as bar:
            return list(pool.map(lambda file: _download(data_set, file, bar.update, stop.is_set), files))
    finally:
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)


def _download(data_set: DataSet, file: File, advance: Callable, stopped: Callable[[], bool]) -> Path:
    """Try the URLs in order, each up to ``RETRIES`` times again."""
    path = cache.places(data_set, file)[-1]
    reasons = []
    try:
        for url in file.urls:
            if not (reason := _try(url, file, path, advance, stopped)):
                return path
            reasons.append(reason)
    except OSError as error:
        raise FrugalError(_disk_trouble(error, file, path)) from error
    raise FrugalError(
        f"{data_set.name}/{file.name} is missing and could not be downloaded ({'; '.join(reasons)}): "
        f"where there is a network get it from {file.urls[0]}, and put it at {path} here, "
        f"or into a folder named by FRUGAL_DATA as {data_set.name}/{file.name}."
    )


def _try(url: str, file: File, path: Path, advance: Callable, stopped: Callable[[], bool]) -> str:
    """Download from one URL; the reason of the last failure, empty after success."""
    for attempt in range(1 + RETRIES):
        time.sleep(PAUSE_SECONDS if attempt else 0)
        try:
            download(url, file, path, advance, stopped)
            return ""
        except BrokenOff as error:
            reason = str(error)
            if cache.state(path, file) == "ok":  # another process was faster
                return ""
            if not error.again:
                break
    return reason


def _disk_trouble(error: OSError, file: File, path: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        need = f"{file.bytes / 1e6:.1f} MB"
        return f"the disk is full: {path.name} needs {need} in {path.parent}; free some space and call again."
    return f"{path} cannot be written ({error.strerror}); make its folder writable and call again."


def _show_license(data_set: DataSet) -> None:
    """Say the terms once on each machine: the note that stays beside the data marks that it was said."""
    note = cache.own() / data_set.name / "LICENSE.txt"
    if note.exists():
        return
    source = "; ".join(data_set.source)
    text = f"{data_set.name}: {data_set.contents}\nLicense: {data_set.license}\nSource: {source}\n"
    print(text, file=sys.stderr)
    try:
        write_atomic(note, text)
    except OSError:
        return  # a prepared folder may still serve, and a download says what is wrong
