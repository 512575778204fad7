"""A lab of one exercise, whose parts a test can weaken, and a way to prove labs in a process of their own."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from utils.paths import ROOT

SLUG = "99_doubling"
SOLUTION = "def double(x):\n    return 2 * x  # SOLUTION"
PUBLIC = '''""" # BEGIN TEST CONFIG
points: 1
""" # END TEST CONFIG
def test_example(double):
    import torch
    from utils.labs.checks import close, keeps

    x = torch.tensor([1.0, -3.0])
    close(keeps(double, x), x + x, "double(x)", "is every number counted twice?")

test_example(double)'''
HIDDEN = '''""" # BEGIN TEST CONFIG
points: 2
hidden: true
""" # END TEST CONFIG
def test_secretly_other_shapes(double):
    import torch
    from utils.labs.checks import close

    for shape in ((2, 3), (4,)):
        x = torch.full(shape, 1.5)
        close(double(x), x + x, "double(x)", "is every number counted twice?")

test_secretly_other_shapes(double)'''
ANSWERS = """
double:
  wrong:
    square:
      says: Squares.
      message: counted twice
      replace: [[2 * x, x * x]]
  right:
    sum:
      says: Adds.
      replace: [[2 * x, x + x]]
    half:
      says: Divides by a half.
      code: |
        def double(x):
            return x / 0.5
"""

PROVE = """
import json, sys
from pathlib import Path
from utils.labs.mutants import survey
from utils.labs.proof import open_trials, prove

found = {}
for folder in map(Path, sys.argv[1:]):
    trials = open_trials("99_doubling", folder, folder / "out")
    reports = [[r.question, r.counts, r.problems] for r in prove(trials, folder)]
    s = survey(trials, folder)
    found[folder.name] = {"reports": reports, "mutants": [s.total, s.survivors, s.problems]}
print(json.dumps(found))
"""


@dataclass(frozen=True)
class TinyLab:
    """What the lab is made of; ``dataclasses.replace`` weakens a part."""

    solution: str = SOLUTION
    public: str = PUBLIC
    hidden: str = HIDDEN
    answers: str = ANSWERS

    def write(self, folder: Path) -> Path:
        """Write master and answers below ``folder``, and return it."""
        return _write(folder, self.solution, self.public, self.hidden, self.answers)


@pytest.fixture(scope="session")
def tiny() -> TinyLab:
    """A lab of one exercise whose checks are good."""
    return TinyLab()


def _write(folder: Path, solution: str, public: str, hidden: str, answers: str) -> Path:
    cells = [
        new_raw_cell(
            "# ASSIGNMENT CONFIG\ninit_cell: false\nexport_cell: false\ntests:\n    ok_format: false"
        ),
        new_markdown_cell("# A lab"),
        new_code_cell(f'import torch\nfrom utils.labs.desk import Desk\n\ngrader = Desk("{SLUG}")'),
        new_raw_cell("# BEGIN QUESTION\nname: double\npoints: 3"),
        new_markdown_cell("Write `double`.\n\n<details><summary>Hint</summary>\n\nTwice.\n\n</details>"),
        new_raw_cell("# BEGIN SOLUTION"),
        new_code_cell(solution),
        new_markdown_cell("Doubling is adding a number to itself."),
        new_raw_cell("# END SOLUTION"),
        new_raw_cell("# BEGIN TESTS"),
        *(new_code_cell(test) for test in (public, hidden) if test),
        new_raw_cell("# END TESTS"),
        new_raw_cell("# END QUESTION"),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / f"{SLUG}.ipynb")
    (folder / "answers").mkdir(exist_ok=True)
    (folder / "answers" / f"{SLUG}.yml").write_text(answers)
    return folder


@pytest.fixture(scope="session")
def proved():
    """A function that proves several lab folders in one process and returns what it found, by folder name."""

    def run(folders: list[Path]) -> dict:
        command = [sys.executable, "-c", PROVE, *map(str, folders)]
        environment = {"CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=500)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run
