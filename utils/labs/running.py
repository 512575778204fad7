"""Which notebook is running, and the checks that belong to it.

Checks lie in a lab's metadata. They are taken from the file that runs, whatever its name (``-Copy1``,
``.new``, renamed); where that cannot be known, or an editor has dropped the metadata, from the lab as it was
handed out.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from utils.errors import FrugalError
from utils.paths import LABS, STUDENT_LABS


@dataclass(frozen=True)
class Checks:
    """The checks of one lab: where they were found, Otter's part of the metadata, points per exercise."""

    path: Path
    otter: dict
    points: dict

    def has(self, question: str) -> bool:
        """Whether the notebook has a question of this name."""
        return question in self.otter["tests"]


def checks_for(slug: str, question: str, names: dict, folder: Path | None = None) -> Checks:
    """The checks that hold for one exercise of the running notebook.

    Parameters
    ----------
    slug : str
        The lab.
    names : dict
        The notebook's global names; VS Code leaves the file's name there.
    folder : Path
        Where the notebook's kernel works, by default the current folder.

    Raises
    ------
    FrugalError
        when no checks of this lab, or none of this exercise, are found; the message says what there is.
    """
    known = []
    for path in [*_candidates(slug, names, folder or Path.cwd()), None]:
        checks = read(path or handed_out(slug))
        if checks is not None and checks.has(question):
            return checks
        known += [checks] if checks else []
    if not known:
        raise FrugalError(f"no checks of the lab {slug} are here: `make lab` (or `frugal lab`) brings them.")
    exercises = ", ".join(known[-1].otter["tests"])
    raise FrugalError(f"the lab {slug} has no exercise '{question}' to check; it has: {exercises}.")


def handed_out(slug: str) -> Path:
    """The student's version of the lab as the book has it, built where that was not done yet."""
    path = STUDENT_LABS / f"{slug}.ipynb"
    if not path.is_file() and (LABS / f"{slug}.ipynb").is_file():
        from utils.labs.build import build

        return build(slug)["student"]
    return path


def read(path: Path) -> Checks | None:
    """The checks in a notebook; None where it has none, cannot be read or is no notebook."""
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
        otter = metadata["otter"]
        points = metadata.get("frugal", {}).get("points", {})
        return Checks(path, dict(otter), dict(points)) if isinstance(otter["tests"], dict) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _candidates(slug: str, names: dict, folder: Path) -> list[Path]:
    """The running notebook if its editor tells it; else the lab in this folder, then any other one."""
    told = [names.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME")]
    running = [Path(name) for name in told if isinstance(name, str) and name.endswith(".ipynb")]
    running = [path if path.is_absolute() else folder / path for path in running]
    for path in running:
        if path.is_file():
            return [path]
    others = sorted(folder.glob("*.ipynb"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [folder / f"{slug}.ipynb", *(path for path in others if path.stem != slug)]
