"""Reading a lab's master notebook: its exercises with task, solution, reasoning and checks.

A master is written for Otter Assign: raw cells ``# BEGIN QUESTION``, ``# BEGIN SOLUTION``,
``# BEGIN TESTS`` and their ends stand around ordinary cells.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import yaml

from utils.errors import FrugalError
from utils.paths import LABS

BOUNDARY = re.compile(r"#\s*(BEGIN|END) (QUESTION|SOLUTION|TESTS)\b", re.IGNORECASE)
PROMPT = re.compile(r"^[^\n]*# BEGIN PROMPT\n.*?# END PROMPT *\n", re.MULTILINE | re.DOTALL)
MARKER_LINE = re.compile(r"^ *# (BEGIN|END) SOLUTION( NO PROMPT)? *\n?", re.MULTILINE)
MARKER_END = re.compile(r" *# SOLUTION( NO PROMPT)? *$", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """A cell and its part in the lab: ``prose``, ``given`` (code), ``solution``, ``reasoning``, ``tests``."""

    part: str
    source: str


@dataclass
class Question:
    """One exercise of a lab."""

    name: str
    points: float
    manual: bool
    cells: list[Cell] = field(default_factory=list)

    def sources(self, part: str) -> list[str]:
        """The cells of one part, in order."""
        return [cell.source for cell in self.cells if cell.part == part]

    def solution(self) -> str:
        """The solution's code without Otter's markers."""
        return "\n\n\n".join(without_markers(source) for source in self.sources("solution"))

    def solution_markdown(self) -> str:
        """Solution and reasoning as Markdown."""
        code = [f"```python\n{self.solution()}\n```"] if self.sources("solution") else []
        return "\n\n".join([*code, *self.sources("reasoning")])


@dataclass
class Lab:
    """A master notebook: cells outside of exercises, and exercises, in order."""

    slug: str
    blocks: list[Cell | Question] = field(default_factory=list)

    @property
    def questions(self) -> list[Question]:
        """The exercises, in order."""
        return [block for block in self.blocks if isinstance(block, Question)]

    @property
    def cells(self) -> list[Cell]:
        """All cells, those of the exercises among them, in order."""
        return [c for block in self.blocks for c in (block.cells if isinstance(block, Question) else [block])]

    @property
    def graded(self) -> list[Question]:
        """The exercises that are checked by machine."""
        return [question for question in self.questions if not question.manual]

    def question(self, name: str) -> Question:
        """The exercise of this name.

        Raises
        ------
        FrugalError
            when there is none; the message lists those that there are.
        """
        for question in self.questions:
            if question.name == name:
                return question
        known = ", ".join(question.name for question in self.questions)
        raise FrugalError(f"lab {self.slug} has no exercise '{name}'; it has {known}.")


def without_markers(source: str) -> str:
    """Code of a solution cell as a reader should see it."""
    return MARKER_END.sub("", MARKER_LINE.sub("", PROMPT.sub("", source))).rstrip()


def master_path(slug: str, folder: Path = LABS) -> Path:
    """The lab's master notebook.

    Raises
    ------
    FrugalError
        when the chapter has no lab.
    """
    path = folder / f"{slug}.ipynb"
    if not path.is_file():
        raise FrugalError(
            f"chapter {slug} has no lab; write labs/{slug}.ipynb (see the book's page for contributors)."
        )
    return path


def read(path: Path) -> Lab:
    """Read a master notebook.

    Raises
    ------
    FrugalError
        when it is not a notebook, or when its blocks do not open and close in turn.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:
        raise FrugalError(f"{path} is not a notebook ({error}); restore it with git.") from error
    lab, open_blocks = Lab(path.stem), []
    for cell in notebook.cells:
        boundary = BOUNDARY.match(cell.source) if cell.cell_type == "raw" else None
        if boundary:
            _turn(lab, open_blocks, boundary, cell.source, path)
        elif cell.cell_type != "raw":
            target = lab.questions[-1].cells if open_blocks else lab.blocks
            target.append(Cell(_part(open_blocks, cell.cell_type), cell.source))
    if open_blocks:
        raise FrugalError(
            f"{path}: a {open_blocks[-1]} block is never closed; add '# END {open_blocks[-1]}'."
        )
    return lab


def _turn(lab: Lab, open_blocks: list[str], boundary: re.Match, source: str, path: Path) -> None:
    """Open or close a block."""
    verb, block = boundary.group(1).upper(), boundary.group(2).upper()
    inside = open_blocks[-1] if open_blocks else None
    expected = inside == block if verb == "END" else inside == (None if block == "QUESTION" else "QUESTION")
    if not expected:
        raise FrugalError(
            f"{path}: '{boundary.group(0)}' stands where it cannot; blocks open and close in turn."
        )
    if verb == "END":
        open_blocks.pop()
        return
    open_blocks.append(block)
    if block == "QUESTION":
        config = yaml.safe_load(source) or {}
        manual = config.get("manual", False)
        lab.blocks.append(Question(config["name"], 0 if manual else config["points"], manual))


def _part(open_blocks: list[str], cell_type: str) -> str:
    inside = open_blocks[-1] if open_blocks else None
    if inside == "TESTS":
        return "tests"
    if inside == "SOLUTION":
        return "solution" if cell_type == "code" else "reasoning"
    return "given" if cell_type == "code" else "prose"
