"""A small project in a temporary folder, and notebooks of one line that need no torch."""

import json
import shutil
import time
from pathlib import Path

import pytest
import yaml

from utils.execution import plan
from utils.execution.notebook import Job, Outcome
from utils.paths import PINS, ROOT

PARAMETERS = 'profile = "quick"\ndevice = "auto"\nseed = 0'


def written(slug: str) -> dict:
    """The record of a written chapter."""
    texts = dict.fromkeys(("title", "paper", "authors", "link", "cite", "we_read"), "words")
    minutes = {"read": 1, "run": 1, "lab": 1}
    return {"slug": slug, **texts, "year": 2024, "part": "I", "state": "written", "minutes": minutes}


class Project:
    """A book with chapters that are written as needed."""

    def __init__(self, root: Path):
        self.root = root
        shutil.copy(PINS, root)
        self.module("utils/__init__.py", (ROOT / "utils" / "__init__.py").read_text())

    def module(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def chapter(self, slug: str, *cells: str, parameters: str = PARAMETERS) -> None:
        """Write a notebook with these code cells after its parameters, and list the chapter."""
        self.module(f"notebooks/{slug}.ipynb", notebook(*cells, parameters=parameters))
        slugs = sorted(path.stem for path in (self.root / "notebooks").glob("*.ipynb"))
        parts = [{"number": "I", "title": "Part", "question": "Why?"}]
        plan_of_book = {"parts": parts, "chapters": [written(slug) for slug in slugs]}
        self.module("book/map.yml", yaml.safe_dump(plan_of_book))

    def task(self, slug: str, **options) -> plan.Task:
        return plan.make([slug], "quick", root=self.root, **options)[0]

    def built(self, *parts: str) -> Path:
        return self.root.joinpath("_build", *parts)

    def results(self, slug: str = "01_one", profile: str = "quick", date: str = "2026", **more) -> str:
        """The text of a results file without claims and metrics."""
        origin = {"device": "cpu", "cpu": "x", "python": "3", "torch": "2", "threads": 1, "seconds": 1}
        content = {"schema": 2, "chapter": slug, "profile": profile, "claims_sha256": "0", **more}
        content = {key: {} for key in ("metrics", "series", "arms", "cut", "sizes")} | content
        content = {key: [] for key in ("claims", "flags", "arena", "changed")} | content
        return json.dumps({**content, "provenance": {**origin, "date": date}})

    def saving(self, slug: str = "01_one") -> str:
        """A cell that saves such results."""
        place = f"pathlib.Path(os.environ['FRUGAL_RESULTS']) / '{slug}.quick.json'"
        return f"import os, pathlib; ({place}).write_text({self.results(slug)!r})"

    def executed(self, task: plan.Task, text: str | None = None) -> Outcome:
        """What a run of this task gives when each of its cells has run, and the text of its results."""
        content = json.loads(task.source.text)
        for cell in content["cells"]:
            cell |= {"execution_count": 1} if cell["cell_type"] == "code" else {}
        content["metadata"]["papermill"] = {"duration": 1}
        text = self.results(task.slug, task.profile) if text is None else text
        return Outcome(json.dumps(content), {f"{task.slug}.{task.profile}.json": text}, 2.0, 9)


def notebook(*cells: str, parameters: str = PARAMETERS) -> str:
    """The text of a notebook with one markdown cell, the parameters and these code cells."""
    code = [_code(f"c{number}", source) for number, source in enumerate(cells)]
    first = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Title"}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    content = {
        "cells": [first, _code("parameters", parameters, "parameters"), *code],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content)


def _code(name: str, source: str, *tags: str) -> dict:
    metadata = {"tags": list(tags)} if tags else {}
    return {
        "cell_type": "code",
        "id": name,
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project."""
    return Project(tmp_path)


@pytest.fixture
def job():
    """Make a job of a notebook with these cells."""

    def make(*cells: str, limit: float = 60.0) -> Job:
        values = {"profile": "quick", "device": "cpu"}
        return Job("01_one", notebook(*cells), values, limit, gpu_fraction=0)

    return make


@pytest.fixture
def eventually():
    """Wait until something holds; fail when it does not within some seconds."""

    def wait(holds, seconds: float = 200.0) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "it did not come about in time"
            time.sleep(0.05)

    return wait
