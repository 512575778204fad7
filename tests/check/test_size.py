"""Which files a chapter must answer for."""

import json

import pytest
import yaml

from utils.check import size

RECORD = {
    **dict.fromkeys(("title", "paper", "authors", "link", "cite", "we_read"), "words"),
    "year": 2024,
    "part": "I",
    "state": "written",
    "minutes": {"read": 1, "run": 1, "lab": 1},
}
SHARED, OWN = "utils/kernels/shared.py", "utils/kernels/fold.py"


@pytest.fixture
def root(tmp_path):
    """Two chapters that share one kernel; the second has another with a back end, a test and a page."""
    imports = {"11_one": "shared", "12_two": "shared, fold"}
    records = [{**RECORD, "slug": slug, "kernels": names.split(", ")} for slug, names in imports.items()]
    parts = [{"number": "I", "title": "Part", "question": "Why?"}]
    files = {
        "book/map.yml": yaml.safe_dump({"parts": parts, "chapters": records}),
        "book/12_two.md": "a\nb\n",
        "book/images/12_drawing.svg": "\n",
        "book/kernels/fold.md": "\n",
        "results/12_two.quick.json": "\n" * 1000,
        "tests/kernels/test_fold.py": "\n\n",
        "tests/kernels/test_shared.py": "\n",
        "utils/kernels/fold_cpu.py": "x = 1\n",
        OWN: "\n",
        SHARED: "\n",
    }
    for slug, names in imports.items():
        cell = {"cell_type": "code", "source": f"from utils.kernels import {names}", "metadata": {}}
        files[f"notebooks/{slug}.ipynb"] = json.dumps({"cells": [cell]})
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_what_two_chapters_use_was_made_for_neither(root):
    made = {
        number: {p.relative_to(root).as_posix() for p in files}
        for number, files in size.made_for(root).items()
    }
    assert made["11"] == {"notebooks/11_one.ipynb"}
    assert made["12"] == {
        "book/12_two.md",
        "book/images/12_drawing.svg",
        "book/kernels/fold.md",
        "notebooks/12_two.ipynb",
        "tests/kernels/test_fold.py",
        "utils/kernels/fold.py",
        "utils/kernels/fold_cpu.py",
    }


def test_lines_are_counted_and_set_beside_the_goal(root):
    assert size.report(root)[1] == "chapter 12: 7 files, 8 lines (goal 30, 5,600)"
