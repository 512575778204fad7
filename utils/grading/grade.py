"""Grading a class: collect, mark what is missing, then write tables and pages from the records."""

import hashlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from utils.files import write_atomic
from utils.grading import forms, labfiles, report
from utils.grading.spread import NOTHING, Job, Lab, seed_of, spread
from utils.grading.submissions import Submission, collect
from utils.labs.master import read
from utils.labs.variants import BOOK, variant_of

Record = dict


@dataclass(frozen=True)
class Options:
    """How to grade; see ``frugal grade --help``."""

    workers: int = 1
    scheduler: str | None = None
    seconds: int = 60
    memory: int = 2048
    unsafe: bool = False
    secret: str = ""
    variants: bool = False
    assignment: str = ""
    roster: Path | None = None


@dataclass(frozen=True)
class Change:
    """A mark that is another one than before, and which exercises made it so."""

    name: str
    before: float
    after: float
    exercises: dict[str, float]


def mark_class(
    slug: str, place: Path, out: Path, options: Options, progress: Callable = lambda work, total: work
) -> Path:
    """Mark all submissions that have no record yet; the folder of records.

    Parameters
    ----------
    place
        A folder or archive of submissions.
    out
        Where the results go; a run that was interrupted goes on there.
    progress
        Wraps the iteration over the submissions that are marked now.
    """
    lab = Lab(slug, labfiles.digest_of(slug), options.seconds, options.memory, options.unsafe)
    secret = _secret(out, options.secret)
    pending = out / "pending"
    pending.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="frugal-grade-"))
    try:
        students = {student.key: student for student in collect(place, scratch)}
        for folder in (pending, out / "log"):
            _forget_others(folder, students)
        jobs = list(_missing(students, lab, secret, out, options.variants))
        for job, marked, seconds in progress(
            spread(lab, jobs, options.workers, options.scheduler), len(jobs)
        ):
            _keep(pending, students[job.key], job, marked, lab)
            with (out / "seconds.csv").open("a", encoding="utf-8") as file:
                file.write(f"{job.key},{seconds:.2f}\n")
        _empty_ones(pending, students, lab)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return pending


def changes(out: Path) -> list[Change]:
    """What taking over the pending records would change in marks that were given before."""
    found = []
    for new in records(out / "pending"):
        path = out / "log" / f"{new['key']}.json"
        old = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else new
        if old["mark"] != new["mark"]:
            names = old["points"] | new["points"]
            moved = {n: new["points"].get(n, 0) - old["points"].get(n, 0) for n in names}
            found.append(Change(new["name"], old["mark"], new["mark"], {n: d for n, d in moved.items() if d}))
    return found


def take_over(slug: str, out: Path, options: Options) -> list[Record]:
    """Make the pending records the valid ones, and write everything that is made from them."""
    (out / "log").mkdir(exist_ok=True)
    for file in sorted((out / "pending").glob("*.json")):
        os.replace(file, out / "log" / file.name)
    rows = records(out / "log")
    possible = max((row["possible"] for row in rows), default=0)
    table = forms.grades(rows, options.assignment or slug, possible, options.roster)
    write_atomic(out / "grades.csv", table)
    write_atomic(out / "log.jsonl", "".join(json.dumps(row, sort_keys=True) + "\n" for row in rows))
    report.write(slug, rows, out, options.unsafe)
    return rows


def records(folder: Path) -> list[Record]:
    """The records of a folder, in order of the students' keys."""
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))]


def _secret(out: Path, given: str) -> str:
    """The course secret: what was given, else one drawn for this folder and kept in it."""
    file = out / "secret.txt"
    if not given:
        given = file.read_text(encoding="utf-8").strip() if file.is_file() else secrets.token_hex(16)
    write_atomic(file, given + "\n")
    return given


def _missing(
    students: dict[str, Submission], lab: Lab, secret: str, out: Path, variants: bool
) -> Iterator[Job]:
    for key, student in students.items():
        if student.path is None:
            continue
        content = student.path.read_bytes()
        variant = variant_of(secret, student.identity) if variants else BOOK
        job = Job(key, content, seed_of(secret, key), variant)
        wanted = _digest(job, lab)
        known = (_digest_in(out / folder / f"{key}.json") for folder in ("pending", "log"))
        if wanted not in known:
            yield job


def _digest(job: Job, lab: Lab) -> str:
    settings = f"{lab.digest}:{lab.seconds}:{lab.memory}:{job.seed}:{job.variant}:"
    return hashlib.sha256(settings.encode() + hashlib.sha256(job.content).digest()).hexdigest()


def _digest_in(path: Path) -> str:
    try:
        return json.loads(path.read_text(encoding="utf-8"))["digest"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _keep(folder: Path, student: Submission, job: Job, marked: dict, lab: Lab) -> None:
    exercises = {question.name: question.points for question in read(labfiles.prepare(lab.slug)[0]).graded}
    record = _record(student, marked, exercises) | {
        "digest": _digest(job, lab),
        "seed": job.seed,
        "variant": job.variant,
    }
    write_atomic(folder / f"{student.key}.json", json.dumps(record, indent=1, sort_keys=True))


def _record(student: Submission, marked: dict, exercises: dict[str, float]) -> Record:
    points = dict.fromkeys(exercises, 0.0)
    for verdict in marked["verdicts"]:
        points[verdict["exercise"]] += verdict["points"] if verdict["passed"] else 0
    mark, possible = sum(points.values()), sum(exercises.values())
    notes = [f"{mark:g} of {possible:g} points", marked["reason"], marked["remark"], student.note]
    who = {"key": student.key, "name": student.name, "system": student.system, "email": student.email}
    return who | {
        "folder": student.folder,
        "mark": mark,
        "possible": possible,
        "points": points,
        "note": student.note,
        "summary": "; ".join(filter(None, notes)),
        **marked,
    }


def _empty_ones(folder: Path, students: dict[str, Submission], lab: Lab) -> None:
    """A record for each student without a notebook: no points, and why."""
    nothing = {**NOTHING, "reason": "no notebook was handed in"}
    for student in students.values():
        if student.path is None:
            _keep(folder, replace(student, path=None), Job(student.key, b"", 0, BOOK), nothing, lab)


def _forget_others(folder: Path, students: dict[str, Submission]) -> None:
    """Records of who is no longer in the class's folder say nothing about it."""
    for file in folder.glob("*.json"):
        if file.stem not in students:
            file.unlink()
