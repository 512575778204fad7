"""All rules for one chapter: its page, its notebook, its lab, and that nothing of it is missing."""

import json
from collections.abc import Iterator
from pathlib import Path

from utils import chapters
from utils.house_rules import lab, notebook, page
from utils.paths import ROOT

PLACES = ("book/{}.md", "notebooks/{}.ipynb", "labs/{}.ipynb")
RESULTS = "results/{}.quick.json"


def problems(slug: str, root: Path = ROOT) -> list[str]:
    """What a chapter breaks, one sentence each, the file named first.

    A chapter that is only planned is a draft: its length, its results and the number of its questions and
    exercises may still be missing.
    """
    draft = not chapters.planned(slug, root).written
    files = [place.format(slug) for place in PLACES]
    missing = [name for name in files if not (root / name).is_file()]
    if missing:
        return [f"{name} does not exist." for name in missing]
    page_name, notebook_name, lab_name = files
    found = {
        page_name: page.problems((root / page_name).read_text(encoding="utf-8"), slug, draft),
        notebook_name: notebook.problems(
            json.loads((root / notebook_name).read_text(encoding="utf-8")), slug
        ),
        lab_name: lab.problems(root / lab_name, draft),
        "book/map.yml": () if draft else _complete(slug, root),
    }
    return [f"{name} {problem}" for name, sentences in found.items() for problem in sentences]


def _complete(slug: str, root: Path) -> Iterator[str]:
    if not (root / RESULTS.format(slug)).is_file():
        yield f"says that {slug} is written; results are missing: `frugal run {slug[:2]} --record`."
