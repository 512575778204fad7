"""Draft a widget, a kernel or a data set: files that work together and pass their tests at once."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import requests

from utils.errors import FrugalError
from utils.paths import ROOT
from utils.scaffold.fill import checked_stem, filled, write_new

FILES = {
    "widget": {
        "widget.py.txt": "utils/widgets/{stem}.py",
        "widget.js": "utils/widgets/{stem}.js",
        "test.py.txt": "tests/widgets/test_{stem}.py",
    },
    "kernel": {
        "kernel.py.txt": "utils/kernels/{stem}.py",
        "kernel_cpu.py.txt": "utils/kernels/{stem}_cpu.py",
        "kernel_triton.py.txt": "utils/kernels/{stem}_triton.py",
        "bench.py.txt": "utils/kernels/bench/{stem}.py",
        "test.py.txt": "tests/kernels/test_{stem}.py",
        "page.md": "book/kernels/{stem}.md",
    },
    "dataset": {
        "set.yml": "utils/data/sets/{stem}.yml",
        "loader.py.txt": "utils/data/{stem}.py",
        "test.py.txt": "tests/data/test_{stem}.py",
    },
}
SECONDS = 60  # of silence before a server is given up


def draft(kind: str, stem: str, number: int, root: Path = ROOT, **words: str) -> list[Path]:
    """Write the files of a new part of the book.

    Parameters
    ----------
    kind : {"widget", "kernel", "dataset"}
        What to draft.
    stem : str
        Lower-case words joined by underscores; it names every file.
    number : int
        The chapter that it is for.
    root : Path
        The project's folder.
    **words : str
        What the templates of this kind ask for beside stem, name and number.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    FrugalError
        when the stem is none, or a file exists already.
    """
    parts = checked_stem(stem).split("_")
    if kind == "kernel" and len(parts) < 2:
        raise FrugalError(
            f"'{stem}' is one word: name an operation by what it does to what, such as {stem}_linear."
        )
    name = "".join(map(str.capitalize, parts))
    words = {"stem": stem, "name": name, "number": str(number), **words}
    return write_new(
        {
            root / path.format(stem=stem): filled(f"{kind}/{file}", words)
            for file, path in FILES[kind].items()
        },
        root,
    )


def draft_dataset(
    stem: str, number: int, urls: Sequence[str], file: Path | None, root: Path = ROOT
) -> list[Path]:
    """Draft a data set of one file, whose size and SHA-256 are measured.

    Parameters
    ----------
    stem, number, root
        As for ``draft``.
    urls : sequence of str
        Addresses of the same bytes, tried in order; each names a commit, so that it cannot change.
    file : Path or None
        A copy that lies here; without one the first address is downloaded.

    Raises
    ------
    FrugalError
        when the address is not ``https``, or nothing can be read.
    """
    if not all(url.startswith("https://") for url in urls):
        raise FrugalError("give addresses that begin with https://, the best one first.")
    content = _read(urls[0], file)
    words = {
        "file": Path(urlsplit(urls[0]).path).name,
        "bytes": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
        "urls": "\n".join(f"  - {url}" for url in urls),
    }
    return draft("dataset", stem, number, root, **words)


def _read(url: str, file: Path | None) -> bytes:
    try:
        if file:
            return file.read_bytes()
        answer = requests.get(url, timeout=SECONDS)
        answer.raise_for_status()
        return answer.content
    except (OSError, requests.RequestException) as error:
        raise FrugalError(
            f"cannot read {file or url} ({error}); download it and give it by --file."
        ) from error
