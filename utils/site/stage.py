"""Gather the sources of the site in ``_build/source``: book pages, executed notebooks, labs, generated pages.

A file is written only when its content changed: Sphinx looks at dates and rebuilds changed pages only.
"""

import json
import re
from pathlib import Path

import yaml

from utils.chapters import SLUG
from utils.errors import FrugalError
from utils.execution import executed
from utils.files import write_atomic
from utils.labs import master
from utils.labs.page import render
from utils.paths import ROOT
from utils.site import functions, notebooks

TEXTS = ("CHANGELOG.md", "LICENSE", "_config.yml")  # included by pages of the book


PROFILES = ("quick",)  # whose notebooks the site shows, the first that has been executed


def stage(
    root: Path = ROOT,
    source: Path | None = None,
    profiles: tuple[str, ...] = PROFILES,
    solutions: bool = False,
) -> Path:
    """Bring ``source`` (default ``root/_build/source``) up to date with everything that the site shows.

    Solutions of the labs are among it only when asked for.

    Raises
    ------
    FrugalError
        when a page of ``_toc.yml`` does not exist, or a notebook has not been executed as it is now.
    """
    source = source or root / "_build" / "source"
    files = collect(root, profiles, solutions)
    for name, content in files.items():
        _refresh(source / name, content)
    for path in [path for path in source.rglob("*") if path.is_file()]:
        if path.relative_to(source).as_posix() not in files:
            path.unlink()
    return source


def collect(root: Path, profiles: tuple[str, ...] = PROFILES, solutions: bool = False) -> dict[str, bytes]:
    """The site's sources: path below the source folder -> content."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    files = {name: (root / name).read_bytes() for name in TEXTS if (root / name).is_file()}
    for path in sorted((root / "book").rglob("*")):
        if path.is_file():
            files[path.relative_to(root).as_posix()] = path.read_bytes()
    for page in pages(toc, root):
        folder, _, stem = page.partition("/")
        if folder == "notebooks":
            files[f"{page}.ipynb"] = _notebook(root, stem, profiles)
        elif folder == "labs":
            files[f"{page}.md"] = _lab(root, stem, solutions)
        elif SLUG.fullmatch(stem) and f"{page}.md" in files:
            files[f"{page}.md"] = _chapter(root, stem)
    files["book/functions.md"] = functions.page(root).encode()
    files["_toc.yml"] = (root / "_toc.yml").read_bytes()
    _check(toc, files)
    return files


def listed(root: Path) -> list[str]:
    """Every page of the table of contents, in reading order."""
    return pages(yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8")), root)


def pages(entry: object, root: Path = ROOT) -> list[str]:
    """Every page below an entry of the table of contents, in reading order."""
    if isinstance(entry, list):
        return [page for item in entry for page in pages(item, root)]
    if not isinstance(entry, dict):
        return []
    own = [entry[key] for key in ("root", "file") if key in entry]
    own += sorted(
        path.relative_to(root).with_suffix("").as_posix() for path in root.glob(entry.get("glob", "") + ".md")
    )
    return own + [page for value in entry.values() for page in pages(value, root)]


def _notebook(root: Path, slug: str, profiles: tuple[str, ...]) -> bytes:
    notebook = notebooks.for_site(executed.read(slug, profiles, root))
    return (lab_links(json.dumps(notebook, indent=1, ensure_ascii=False)) + "\n").encode()


def _lab(root: Path, slug: str, solutions: bool) -> bytes:
    path = root / "labs" / f"{slug}.ipynb"
    if not path.is_file():
        raise FrugalError(f"lab {slug} is listed in _toc.yml but labs/{slug}.ipynb does not exist.")
    return render(master.read(path), solutions).encode()


def _chapter(root: Path, slug: str) -> bytes:
    text = lab_links((root / "book" / f"{slug}.md").read_text(encoding="utf-8"))
    return f"{text.rstrip()}\n\n```{{cite-chapter}} {slug}\n```\n".encode()


def lab_links(text: str) -> str:
    """In the repository a lab is a notebook, on the site it is a page: point links to the page."""
    return re.sub(r"(\.\./labs/\w+)\.ipynb", r"\1.md", text)


def _check(toc: object, files: dict[str, bytes]) -> None:
    known = {re.sub(r"\.(md|ipynb)$", "", name) for name in files}
    missing = [page for page in pages(toc) if page not in known]
    if missing:
        raise FrugalError(f"_toc.yml lists pages that do not exist: {', '.join(missing)}.")


def _refresh(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        write_atomic(path, content)
