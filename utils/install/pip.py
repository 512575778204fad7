"""pip as the book calls it: into its own environment whatever the user has set, with one line of progress."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

# Settings that would put packages elsewhere, or refuse what the pins name. Index, proxy, mirror and
# certificate are the user's and stay. pip skips an empty setting, and the environment leads over its files.
LED_ASTRAY = ("TARGET", "PREFIX", "ROOT", "REQUIRE_HASHES", "NO_DEPS", "DRY_RUN", "REQUIREMENT", "PYTHON")
PLACES = ("lib/python3*/site-packages", "Lib/site-packages")  # everywhere else, on Windows
STEP = re.compile(
    r"(Collecting|Downloading|Using cached|Building|Installing collected packages)\b:? ?(\S*)(.*)"
)
TROUBLES = (
    (
        r"No space left|Disk quota exceeded|not enough space",
        "the disk or your quota is full: free about 3 GiB (`pip cache purge` may help) and call again",
    ),
    (
        r"NewConnectionError|Name or service not known|ConnectTimeout|Failed to establish|getaddrinfo"
        r"|ProxyError|Network is unreachable|ReadTimeout",
        "pip reaches no package index: check the network; behind a proxy set HTTPS_PROXY, with a mirror "
        "`pip config set global.index-url ADDRESS`; then call again, what was fetched is kept",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError",
        "the package index shows a certificate that is not trusted here: `pip config set global.cert FILE` "
        "names your organization's own; then call again",
    ),
    (
        r"No matching distribution found for (\S+)",
        "the package index has no build of a pinned package for this machine: with a mirror, ask its keeper; "
        "else name another Python (make PYTHON=...)",
    ),
)


class PipError(Exception):
    """pip failed; the text is one sentence with the way out."""


def environment(outer: dict) -> dict:
    """The variables for pip: those of the user but for settings that lead out of the book's environment."""
    found = {name: value for name, value in outer.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    found.update({f"PIP_{name}": "" for name in LED_ASTRAY})
    found.update(
        PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1"
    )
    return found


def pip(python: Path, arguments: list, log: Path, goal: str, folder: Path) -> None:
    """Run ``python -m pip ARGUMENTS`` with its words in ``log`` and one line of progress on the terminal.

    Parameters
    ----------
    goal : str
        What the progress line says that this call does.
    folder : Path
        The working folder.

    Raises
    ------
    PipError
        when pip fails.
    """
    command = [str(python), "-m", "pip", *arguments]
    start, line, before = time.monotonic(), Line(goal), packages(python)
    with log.open("a+", encoding="utf-8", errors="replace") as words:
        begin = words.seek(0, os.SEEK_END)
        process = subprocess.Popen(
            command, cwd=folder, env=environment(os.environ), stdout=words, stderr=subprocess.STDOUT
        )
        try:
            while process.poll() is None:
                time.sleep(0.2)
                line.show(doing(_tail(log), packages(python) - before), time.monotonic() - start)
        finally:
            if process.poll() is None:
                process.terminate()
        words.seek(begin)
        said = words.read()
    line.end(time.monotonic() - start, ok=process.returncode == 0)
    if process.returncode:
        raise PipError(f"{trouble(said)} (all that pip said: {log}).")


def packages(python: Path) -> int:
    """How many packages are unpacked in the environment of an interpreter."""
    return len(inside(python.parent.parent, "*.dist-info"))


def inside(folder: Path, pattern: str) -> list:
    """What matches a pattern among an environment's packages, on every system."""
    return [path for place in PLACES for path in folder.glob(f"{place}/{pattern}")]


def trouble(said: str) -> str:
    """What went wrong and what to do about it, from pip's words."""
    for pattern, sentence in TROUBLES:
        if re.search(pattern, said):
            return sentence
    errors = [line for line in said.splitlines() if line.startswith("ERROR")] or said.splitlines()[-1:]
    return f"pip failed: {' '.join(errors)[:300] or 'it said nothing'}"


def doing(tail: str, unpacked: int) -> str:
    """What pip is at, from the end of its log and the number of packages that it has unpacked."""
    steps = [match for match in map(STEP.match, map(str.strip, tail.splitlines())) if match]
    if not steps:
        return "begins"
    verb, name, rest = steps[-1].groups()
    if verb.startswith("Installing"):
        return f"unpacking packages, {unpacked} of {rest.count(',') + 1 + name.count(',')}"
    size = re.search(r"\([\d.]+ .B\)", rest)
    words = {"Collecting": "looking up", "Using cached": "from the cache:"}.get(verb, verb.lower())
    return " ".join([words, name.split("/")[-1].split("-")[0], *([size.group()] if size else [])])


def _tail(log: Path, size: int = 20_000) -> str:
    with log.open("rb") as words:
        words.seek(max(0, os.path.getsize(log) - size))
        return words.read().decode("utf-8", "replace")


class Line:
    """One line that is written over and over on a terminal; elsewhere a new one now and then."""

    def __init__(self, goal: str, stream: object = None):
        self.goal, self.stream, self.last = goal, stream or sys.stderr, ""
        self.live, self.said = self.stream.isatty(), 0.0

    def show(self, text: str, seconds: float) -> None:
        """Show how far it is, at most every 20 seconds where nobody watches."""
        if self.live:
            self._write(f"\r\033[K{self.goal}: {text}  {clock(seconds)}"[:110])
        elif text != self.last and seconds - self.said >= 20:
            self.said = seconds
            self._write(f"{self.goal}: {text}  {clock(seconds)}\n")
        self.last = text

    def end(self, seconds: float, ok: bool = True) -> None:
        """Say how it ended."""
        start = "\r\033[K" if self.live else ""
        self._write(f"{start}{self.goal}: {'done in' if ok else 'failed after'} {clock(seconds)}\n")

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()


def clock(seconds: float) -> str:
    """``m:ss``."""
    return "{}:{:02d}".format(*divmod(int(seconds), 60))
