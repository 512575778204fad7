"""A lab of three exercises in which the first one is attacked, a judge for it, and notebooks handed in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from utils.errors import FrugalError
from utils.grading.judge import Judge
from utils.grading.sandbox import command
from utils.grading.verdicts import Marked
from utils.labs.build import build

SLUG = "98_attacked"
POINTS = {"triple": 10, "double": 5, "most": 5}
GIVEN = "import torch\nfrom utils.labs.desk import Desk\n\ngrader = Desk('98_attacked')"
SOLUTIONS = {
    "triple": "def triple(x):\n    return 3 * x  # SOLUTION",
    "double": "def double(x):\n    return 2 * x  # SOLUTION",
    "most": "def most(world, steps):\n    return max(world(step) for step in range(steps))  # SOLUTION",
}
CHECKS = {
    "triple": (
        """
def test_example(triple):
    import torch
    from utils.labs.checks import close, keeps

    x = torch.tensor([1.0, -3.0])
    close(keeps(triple, x), x + x + x, "triple(x)", "is every number counted three times?")
""",
        """
def test_secretly_other_numbers(triple):
    import torch
    from utils.labs.checks import keeps

    g = torch.Generator().manual_seed(7)
    for _ in range(3):
        x = torch.randn(4, generator=g)
        assert torch.allclose(keeps(triple, x), 3 * x), "triple(x): another number"
""",
    ),
    "double": (
        """
def test_example(double):
    import torch
    from utils.labs.checks import close, keeps

    x = torch.tensor([1.0, -3.0], requires_grad=True)
    result = keeps(double, x)
    close(result.detach(), torch.tensor([2.0, -6.0]), "double(x)", "is every number counted twice?")
    result.sum().backward()
    close(x.grad, torch.full((2,), 2.0), "the gradient", "it is two everywhere")
""",
        """
def test_secretly_other_numbers(double):
    import torch
    from utils.labs.checks import close

    x = torch.randn(4, generator=torch.Generator().manual_seed(8))
    close(double(x), x + x, "double(x)", "another number")
""",
    ),
    "most": (
        """
def test_small_world(most):
    assert most(lambda step: step * (4 - step), 5) == 4, "most: the largest value of the world"
""",
        """
def test_secretly_a_budget(most):
    calls = []

    def world(step):
        calls.append(step)
        return [3, 9, 4][step]

    assert most(world, 3) == 9, "most: the largest value of the world"
    assert len(calls) <= 3, "most: ask the world once a step"
""",
    ),
}


def write_lab(folder: Path) -> Path:
    """The master of the lab in ``folder``."""
    config = "# ASSIGNMENT CONFIG\ninit_cell: false\nexport_cell: false\ntests:\n    ok_format: false"
    cells = [new_raw_cell(config), new_markdown_cell("# A lab"), new_code_cell(GIVEN, id="setup")]
    for name, points in POINTS.items():
        cells += [
            new_raw_cell(f"# BEGIN QUESTION\nname: {name}\npoints: {points}"),
            new_markdown_cell(f"Write `{name}`.", id=f"task-{name}"),
            new_raw_cell("# BEGIN SOLUTION"),
            new_code_cell(SOLUTIONS[name], id=f"solution-{name}"),
            new_raw_cell("# END SOLUTION"),
            new_raw_cell("# BEGIN TESTS"),
            *(new_code_cell(text) for text in tests(name)),
            new_raw_cell("# END TESTS"),
            new_raw_cell("# END QUESTION"),
        ]
    cells += [
        new_raw_cell("# BEGIN QUESTION\nname: defend\nmanual: true"),
        new_markdown_cell("Defend it in words.", id="task-defend"),
        new_raw_cell("# BEGIN SOLUTION"),
        new_markdown_cell("A good answer has words."),
        new_raw_cell("# END SOLUTION"),
        new_raw_cell("# END QUESTION"),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / f"{SLUG}.ipynb")
    return folder / f"{SLUG}.ipynb"


def tests(name: str) -> Iterator[str]:
    """The cells of an exercise's checks; the hidden one has the larger part of the points."""
    shares = {10: (4, 6), 5: (2, 3)}[POINTS[name]]
    for points, hidden, text in zip(shares, (False, True), CHECKS[name], strict=True):
        config = f"points: {points}\nhidden: {str(hidden).lower()}"
        head = f'""" # BEGIN TEST CONFIG\n{config}\n"""  # END TEST CONFIG\n'
        called = text.split("def ")[1].split(":")[0]
        yield f"{head}\n{text}\n\n{called}"


@pytest.fixture(scope="session")
def sandbox() -> None:
    """Skips where students' code cannot be confined."""
    try:
        command(["nothing"], unsafe=False)
    except FrugalError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def lab(tmp_path_factory) -> dict[str, Path]:
    """The built lab: its master, and what :func:`utils.labs.build.build` makes of it."""
    folder = tmp_path_factory.mktemp("lab")
    master = write_lab(folder)
    return {"master": master} | build(SLUG, folder=folder, out=folder / "out")


@pytest.fixture(scope="session")
def judge(lab, sandbox) -> Iterator[Judge]:
    """One warm judge for all tests, with limits that an attack reaches soon."""
    made = Judge(lab["master"], lab["autograder"], seconds=1, memory=512)
    yield made
    made.close()


@pytest.fixture
def hand_in(judge, lab, tmp_path) -> Callable[..., Marked]:
    """Marks a notebook: the honest one, with some cells replaced by others and some changes to the file."""

    def mark(seed: int = 1, change: Callable = lambda notebook: notebook, **answers: str) -> Marked:
        path = tmp_path / "handed_in.ipynb"
        nbformat.write(change(notebook(lab["student"], **answers)), path)
        return judge.mark(path, seed)

    return mark


def notebook(student: Path, **answers: str) -> nbformat.NotebookNode:
    """The student's notebook with right answers, or those given by the exercise's name."""
    made = nbformat.read(student, as_version=4)
    for cell in made.cells:
        name = cell.id.removeprefix("solution-")
        if name in SOLUTIONS:
            cell.source = answers.get(name, SOLUTIONS[name].replace("  # SOLUTION", ""))
        elif cell.id == "setup" and "setup" in answers:
            cell.source = answers["setup"]
    return made


def points(marked: Marked) -> dict[str, float]:
    """The points of each exercise."""
    return {name: sum(v.earned for v in marked.verdicts if v.exercise == name) for name in POINTS}
