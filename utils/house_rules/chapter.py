"""All rules for one chapter: its page, its notebook, its lab, and that nothing of it is missing."""

import json
from collections.abc import Iterator
from pathlib import Path

from utils import chapters
from utils.evidence import store
from utils.execution.prepare import stale
from utils.house_rules import claims, lab, notebook, page, verdicts
from utils.paths import ROOT

PLACES = ("book/{}.md", "notebooks/{}.ipynb", "labs/{}.ipynb")
CLAIMS = "book/claims/{}.yml"


def problems(slug: str, root: Path = ROOT) -> list[str]:
    """What a chapter breaks, one sentence each, the file named first.

    A chapter that is only planned is a draft: its length, its results and the number of its questions and
    exercises may still be missing.
    """
    chapter = chapters.planned(slug, root)
    draft = not chapter.written
    files = [place.format(slug) for place in PLACES]
    missing = [name for name in files if not (root / name).is_file()]
    if missing:
        return [f"{name} does not exist." for name in missing]
    page_name, notebook_name, lab_name = files
    text = (root / page_name).read_text(encoding="utf-8")
    content = json.loads((root / notebook_name).read_text(encoding="utf-8"))
    results = {} if draft else recorded(slug, root)
    found = {
        lab_name: lab.problems(root / lab_name, draft),
        "book/map.yml": () if draft else _complete(slug, results),
        page_name: [*page.problems(text, slug, draft), *verdicts.problems(text, results)],
        notebook_name: [*notebook.problems(content, slug), *notebook.study_problems(content)],
        CLAIMS.format(slug): claims.problems(slug, results, root),
        "results/prepared": [f"{said}: `frugal prepare {slug[:2]}`." for said in stale(slug, root)],
    }
    return [f"{name} {problem}" for name, sentences in found.items() for problem in sentences]


def recorded(slug: str, root: Path = ROOT) -> dict[str, dict]:
    """The recorded results of a chapter by profile."""
    paths = {profile: root / "results" / f"{slug}.{profile}.json" for profile in store.PROFILES}
    return {profile: store.read(path) for profile, path in paths.items() if path.is_file()}


def _complete(slug: str, results: dict[str, dict]) -> Iterator[str]:
    if "quick" not in results:
        yield f"says that {slug} is written; results are missing: `frugal run {slug[:2]} --record`."
