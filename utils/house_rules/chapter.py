"""All rules for one chapter: its page, its notebook, its lab, and that nothing of it is missing."""

import json
from collections.abc import Iterator
from pathlib import Path

from utils import chapters
from utils.house_rules import notebook, page
from utils.labs import master
from utils.labs.answers import read_answers
from utils.paths import ROOT

EXERCISES = (4, 6)  # one may come in several parts
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
        lab_name: _lab(slug, root, draft),
        "book/map.yml": () if draft else _complete(slug, root),
    }
    return [f"{name} {problem}" for name, sentences in found.items() for problem in sentences]


def _lab(slug: str, root: Path, draft: bool) -> Iterator[str]:
    path = root / "labs" / f"{slug}.ipynb"
    lab, exercises = master.read(path), path.read_text(encoding="utf-8").count("## Exercise ")
    if not draft and not EXERCISES[0] <= exercises <= EXERCISES[1]:
        yield f"has {exercises} headings '## Exercise N'; a lab has {EXERCISES[0]} to {EXERCISES[1]}."
    for question in lab.graded:
        if "<details>" not in "\n".join(question.sources("prose")):
            yield f"gives no hint behind a fold in exercise {question.name}."
        if not question.sources("reasoning"):
            yield f"does not say why its solution of {question.name} is right."
        if not read_answers(root / "labs" / "answers" / slug / question.name):
            yield f"has no answers to try in labs/answers/{slug}/{question.name}."


def _complete(slug: str, root: Path) -> Iterator[str]:
    if not (root / RESULTS.format(slug)).is_file():
        yield f"says that {slug} is written; results are missing: `frugal run {slug[:2]} --record`."
