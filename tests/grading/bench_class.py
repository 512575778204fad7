"""What grading costs: `python tests/grading/bench_class.py COUNT [LAB]` prints seconds and memory.

COUNT submissions of the tests' small lab are graded by one judge. With a LAB, its solution is graded five
times by this grader and by `otter run`, one after the other.
"""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil

from tests.grading.conftest import SLUG, SOLUTIONS, notebook, write_lab
from utils.grading import watch
from utils.grading.judge import Judge
from utils.labs.build import build
from utils.labs.master import master_path

WRONG = (
    "def {0}(x, n=2):\n    return x",
    "def {0}(x:",
    "import os\nos._exit(0)",
    "def {0}(x, n=2):\n    return 1 / 0",
)
AGAIN = 5


def generated(student: Path, number: int) -> nbformat.NotebookNode:
    """A submission in which some answers are wrong, broken or missing, the same for each number."""
    rng = random.Random(number)
    wrong = {name: rng.choice(WRONG).format(name) for name in SOLUTIONS if rng.random() < 0.4}
    return notebook(student, **wrong)


def measure_class(count: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        master = write_lab(folder)
        built = build(SLUG, folder=folder, out=folder / "out")
        judge, began = Judge(master, built["autograder"], 2, 512), time.monotonic()
        for number in range(1, count + 1):
            nbformat.write(generated(built["student"], number), folder / "in.ipynb")
            judge.mark(folder / "in.ipynb", number)
            if number % max(1, count // 10) == 0:
                own = psutil.Process().memory_info().rss / 2**20
                shut_in = watch.megabytes(judge.zygote.process.pid)
                print(
                    f"{number:5d} submissions {time.monotonic() - began:7.0f} s, judge {own:.0f} MB,", end=" "
                )
                print(f"sandbox between submissions {shut_in:.0f} MB", flush=True)
        judge.close()


def measure_lab(slug: str) -> None:
    built, began = build(slug), time.monotonic()
    judge = Judge(master_path(slug), built["autograder"])
    print(f"warm after {time.monotonic() - began:.1f} s")
    with tempfile.TemporaryDirectory() as out:
        otter = [sys.executable, "-m", "otter", "run", "-a", str(built["autograder"]), "-o", out]
        for _ in range(AGAIN):
            began = time.monotonic()
            judge.mark(built["solution"], 1)
            here, began = time.monotonic() - began, time.monotonic()
            subprocess.run([*otter, str(built["solution"])], capture_output=True, check=True)
            print(f"{here:.1f} s here, {time.monotonic() - began:.1f} s with otter run", flush=True)
    judge.close()


if __name__ == "__main__":
    measure_class(int(sys.argv[1]))
    for name in sys.argv[2:]:
        measure_lab(name)
