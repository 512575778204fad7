"""Pages made from the records: feedback for each student, the class in one page, the written answers."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from utils.files import write_atomic
from utils.grading import labfiles
from utils.grading.explain import by_exercise, explain
from utils.grading.known import known_of, stub
from utils.grading.similar import pairs
from utils.labs.master import Lab, Question, read

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One check in the class: the share that passed it, and whether it tells strong students from weak ones.

    ``discrimination`` is the correlation of passing it with the points of all other checks; None where all or
    none passed.
    """

    exercise: str
    check: str
    points: float
    hidden: bool
    share: float
    discrimination: float | None


def write(slug: str, rows: list[dict], out: Path, unsafe: bool = False) -> None:
    """Write feedback/KEY.html for each student, class.html and written.html."""
    master, archive = labfiles.prepare(slug)
    lab = read(master)
    groups = explain(rows, known_of(slug, master, archive, unsafe))
    says = {(group.exercise, key): group.says for group in groups for key in group.keys}
    for row in rows:
        exercises = by_exercise(row["verdicts"])
        page = PAGES.get_template("feedback.html").render(row=row, slug=slug, exercises=exercises, says=says)
        write_atomic(out / "feedback" / f"{row['key']}.html", page)
    codes = {row["key"]: "\n".join(row["sources"].values()) for row in rows}
    names = {row["key"]: row["name"] for row in rows}
    alike = pairs(codes, _public(lab))
    page = PAGES.get_template("class.html").render(
        slug=slug,
        rows=rows,
        items=list(items(rows)),
        groups=groups,
        pairs=alike,
        names=names,
        spread=_spread(rows),
    )
    write_atomic(out / "class.html", page)
    manual = [question for question in lab.questions if question.manual]
    page = PAGES.get_template("written.html").render(slug=slug, rows=rows, questions=manual)
    write_atomic(out / "written.html", page)


def items(rows: list[dict]) -> Iterator[Item]:
    """The checks in the lab's order."""
    taken = [row for row in rows if row["verdicts"]]
    for i, verdict in enumerate(taken[0]["verdicts"] if taken else []):
        passed = [float(row["verdicts"][i]["passed"]) for row in taken]
        rest = [row["mark"] - verdict["points"] * ok for row, ok in zip(taken, passed, strict=True)]
        varied = len(set(passed)) > 1 and len(set(rest)) > 1
        correlation = statistics.correlation(passed, rest) if varied else None
        kind = {name: verdict[name] for name in ("exercise", "check", "points", "hidden")}
        yield Item(**kind, share=statistics.mean(passed), discrimination=correlation)


def _spread(rows: list[dict]) -> dict[str, float]:
    marks = [row["mark"] for row in rows] or [0.0]
    deviation = statistics.stdev(marks) if len(marks) > 1 else 0.0
    return {"mean": statistics.mean(marks), "median": statistics.median(marks), "deviation": deviation}


def _public(lab: Lab) -> list[str]:
    """The code that everybody may have: what is given, the stubs, the published solution."""
    given = [block.source for block in lab.blocks if not isinstance(block, Question)]
    inside = [source for question in lab.questions for source in question.sources("given")]
    return [*given, *inside, *map(stub, lab.questions), *(question.solution() for question in lab.questions)]
