"""Which code of a submission is run, in which order: the lab decides, whatever was done to the cells.

Given cells come from the master, so that a deleted one costs nobody anything. A student's cell belongs where
its id stands in the master; else where its text stands; else to the exercise whose answer it defines; else
after the cell before it.
"""

import ast
import re
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import nbformat
import yaml

from utils.labs.master import BOUNDARY, without_markers
from utils.labs.variants import BOOK, LINE, NAME

CHECK = re.compile(r"^\s*grader\.check\(\s*['\"](\w+)['\"]\s*\)", re.MULTILINE)
OTTERS = re.compile(r"_Type your answer here, replacing this text\._|<!-- (?:BEGIN|END) QUESTION -->")
BEFORE, HERE, AFTER = range(3)
Cells = list[tuple[str, str, str]]  # id, type and source of each


@dataclass(frozen=True)
class Place:
    """A cell of the master: its number, its exercise (empty outside), its part and source."""

    number: int
    exercise: str
    part: str  # prose, given, answer, check
    source: str


@dataclass(frozen=True)
class Step:
    """One cell to run; ``own`` if the student wrote it."""

    exercise: str
    source: str
    own: bool


@dataclass
class Layout:
    """The cells of a master, and where to find them again."""

    places: dict[str, Place] = field(default_factory=dict)  # by id
    manual: set[str] = field(default_factory=set)
    exercises: list[str] = field(default_factory=list)  # graded ones, in order

    @property
    def texts(self) -> dict[str, Place]:
        """Places of everything but answers, by their text without spaces."""
        return {_squash(place.source): place for place in self.places.values() if place.part != "answer"}

    @property
    def ends(self) -> dict[str, int]:
        """The last place of each exercise."""
        return {place.exercise: place.number for place in self.places.values()}

    def given(self, variant: int = BOOK) -> list[tuple[Place, str]]:
        """The given cells with their source, which names this variant."""
        places = [place for place in self.places.values() if place.part == "given"]
        return [(place, LINE.sub(f"{NAME} = {variant}", place.source)) for place in places]

    def names(self) -> dict[str, Place]:
        """The place of the answer that defines a name."""
        answers = [place for place in self.places.values() if place.part == "answer"]
        return {name: place for place in answers for name in defined(without_markers(place.source))}


def read_layout(master: Path) -> Layout:
    """The layout of a lab's master, which :func:`utils.labs.master.read` has accepted."""
    layout, exercise, inside = Layout(), "", ""
    for number, cell in enumerate(nbformat.read(master, as_version=4).cells):
        boundary = BOUNDARY.match(cell.source) if cell.cell_type == "raw" else None
        if boundary:
            opens, block = boundary.group(1).upper() == "BEGIN", boundary.group(2).upper()
            if block == "QUESTION":
                config = (yaml.safe_load(cell.source) or {}) if opens else {}
                exercise = config.get("name", "")
                if config:
                    layout.manual.update([exercise] if config.get("manual") else [])
                    layout.exercises += [] if config.get("manual") else [exercise]
            inside = block if opens and block != "QUESTION" else ""
        part = {"SOLUTION": "answer", "TESTS": "check"}.get(inside, "given")
        part = "check" if cell.cell_type == "raw" else part if cell.cell_type == "code" else "prose"
        layout.places[cell.id] = Place(number, exercise, part, cell.source)
    return layout


def arrange(layout: Layout, cells: Cells, variant: int = BOOK) -> tuple[list[list[Step]], dict[str, str]]:
    """The steps to run, grouped by exercise, and the written answers.

    Parameters
    ----------
    cells
        Id, type and source of each cell that was handed in.
    variant
        The student's variant of the lab.
    """
    texts, names, ends = layout.texts, layout.names(), layout.ends
    by_number = {place.number: place for place in layout.places.values()}
    steps: list[tuple[tuple[int, int, int], Step]] = [
        ((place.number, HERE, 0), Step(place.exercise, source, False))
        for place, source in layout.given(variant)
    ]
    written: dict[str, list[str]] = {name: [] for name in layout.manual}
    tasks = [_squash(place.source) for place in layout.places.values() if place.part == "prose"]
    last = -1
    for turn, (name, kind, source) in enumerate(cells):
        place = layout.places.get(name) or texts.get(_squash(source))
        if kind == "code" and not place:
            place = next((names[n] for n in defined(source) if n in names), None)
        asked = CHECK.search(source) if kind == "code" else None
        if place is None and asked and asked.group(1) in ends:
            last = ends[asked.group(1)]
        elif place:
            last = place.number
        exercise = by_number[last].exercise if last >= 0 else ""
        if asked and CHECK.fullmatch(source.strip()):
            continue
        if kind == "code" and not (
            place and _squash(source) == _squash(place.source) and place.part == "given"
        ):
            rank = {"given": BEFORE, "answer": HERE}.get(place.part, AFTER) if place else AFTER
            steps.append(((last, rank, turn), Step(exercise, source, True)))
        elif kind != "code" and exercise in written and not any(task in _squash(source) for task in tasks):
            written[exercise].append(OTTERS.sub("", source).strip())
    ordered = [step for _, step in sorted(steps, key=lambda pair: pair[0])]
    groups = [list(group) for _, group in groupby(ordered, key=lambda step: step.exercise)]
    return groups, {name: "\n\n".join(filter(None, parts)) for name, parts in written.items()}


def defined(source: str) -> list[str]:
    """The names that a cell binds at its top level; none if it cannot be read."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return re.findall(r"^(?:def|class)\s+(\w+)", source, re.MULTILINE)
    found = []
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.append(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
    return found


def _squash(source: str) -> str:
    return re.sub(r"\s+", "", source)
