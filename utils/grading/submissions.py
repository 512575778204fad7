"""Whose notebook is which: the forms in which course systems hand out a class's submissions."""

import hashlib
import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from utils.errors import FrugalError

MOODLE = re.compile(r"^(?P<name>.+)_(?P<id>\d+)_assignsubmission_file_?$")
CANVAS = re.compile(r"^(?P<name>[^_]+?)_(?:LATE_)?(?P<id>\d+)_(?P<turn>\d+)_.*?(?:-(?P<again>\d+))?\.ipynb$")
GRADESCOPE = re.compile(r"^submission_(?P<turn>\d+)$")
NBGRADER = re.compile(r"^(?P<name>[^+]+)\+[^+]+\+(?P<turn>\d{4}-\d\d-\d\d .+)$")
IGNORED = ("__MACOSX", ".ipynb_checkpoints", ".DS_Store")
MOST_FILES, MOST_BYTES, LARGEST_RATIO = 50_000, 20 << 30, 1000


@dataclass(frozen=True)
class Submission:
    """One student's file.

    Attributes
    ----------
    key
        What the course system knows the student by; the name of all that is written about them.
    path
        The notebook, or None where nothing that was handed in is one.
    turn
        Orders several submissions of one student; the last one counts.
    folder
        The name of the folder it came in, as the system gave it.
    """

    key: str
    name: str
    system: str
    path: Path | None
    turn: tuple = ()
    email: str = ""
    folder: str = ""
    note: str = ""

    @property
    def identity(self) -> str:
        """What the course knows the student by in every assignment: Moodle's numbers belong to one alone."""
        return self.name if self.system in ("moodle", "folder") else self.key


def collect(place: Path, scratch: Path) -> list[Submission]:
    """The submission of each student in a folder or archive, in order of their keys.

    Parameters
    ----------
    scratch
        Where an archive is unpacked.

    Raises
    ------
    FrugalError
        when there is nothing to grade, or the archive is not safe to unpack.
    """
    if place.is_file() and place.suffix == ".ipynb":
        return [Submission(key_of(place.stem), place.stem, "folder", place)]
    if place.is_file():
        unpack(place, scratch)
        place = scratch
    if not place.is_dir():
        raise FrugalError(f"{place} is neither a folder nor an archive of submissions.")
    place = _innermost(place)
    people = {str(k): v for k, v in _metadata(place / "submission_metadata.yml").items()}
    found = [_identify(entry, people) for entry in sorted(place.iterdir()) if not _ignored(entry)]
    found = [submission for submission in found if submission]
    if not found:
        raise FrugalError(f"{place} holds no notebook (.ipynb); name the folder with the submissions.")
    return list(_last_of_each(found))


def unpack(archive: Path, folder: Path) -> None:
    """Unpack an archive that has been checked first.

    Raises
    ------
    FrugalError
        when it is no archive, would write elsewhere, holds links, or is far larger than it looks.
    """
    try:
        with zipfile.ZipFile(archive) as files:
            entries = files.infolist()
            for entry in entries:
                if reason := _unsafe(entry):
                    raise FrugalError(f"{archive} was not unpacked: '{entry.filename}' {reason}.")
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise FrugalError(f"{archive} was not unpacked: it holds too many files or more than 20 GB.")
            files.extractall(folder)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise FrugalError(f"{archive} cannot be unpacked ({error}); download it again.") from None


def _unsafe(entry: zipfile.ZipInfo) -> str:
    parts = Path(entry.filename.replace("\\", "/")).parts
    if entry.filename.startswith(("/", "\\")) or ".." in parts or re.match(r"^[A-Za-z]:", entry.filename):
        return "leads out of its folder"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link"
    if entry.file_size > LARGEST_RATIO * max(entry.compress_size, 1 << 10):
        return "is far larger than it looks"
    return ""


def _innermost(place: Path) -> Path:
    """Below folders that hold nothing but one other folder which is not a student's."""
    entries = [entry for entry in place.iterdir() if not _ignored(entry)]
    if len(entries) == 1 and entries[0].is_dir() and not any(form.match(entries[0].name) for form in FORMS):
        inside = list(entries[0].iterdir())
        if any(entry.is_dir() for entry in inside) or len(inside) > 1:
            return _innermost(entries[0])
    return place


FORMS = (MOODLE, GRADESCOPE, NBGRADER)


def _metadata(path: Path) -> dict:
    """Gradescope's list of who handed in what; empty if it is not there or damaged."""
    try:
        text = re.sub(r"(?m)^(\s*(?:- )?):(\w+):", r"\1\2:", path.read_text(encoding="utf-8"))
        loaded = yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _identify(entry: Path, people: dict) -> Submission | None:
    """Whose entry of the class's folder this is."""
    if entry.is_symlink():
        return None
    if entry.is_file():
        if entry.suffix != ".ipynb":
            return None
        match = CANVAS.match(entry.name)
        if match:
            turn = (int(match["turn"]), int(match["again"] or 0))
            return Submission(match["id"], match["name"], "canvas", entry, turn, folder=entry.name)
        return Submission(key_of(entry.stem), entry.stem, "folder", entry, folder=entry.name)
    notebook, note = _notebook(entry)
    if match := MOODLE.match(entry.name):
        return Submission(match["id"], match["name"], "moodle", notebook, folder=entry.name, note=note)
    if match := GRADESCOPE.match(entry.name):
        person = _person(people.get(entry.name))
        key = str(person.get("sid") or person.get("email") or entry.name)
        name, email = str(person.get("name", entry.name)), str(person.get("email", ""))
        turn = (int(match["turn"]),)
        return Submission(key_of(key), name, "gradescope", notebook, turn, email, entry.name, note)
    if match := NBGRADER.match(entry.name):
        return Submission(
            key_of(match["name"]), match["name"], "folder", notebook, (match["turn"],), "", entry.name, note
        )
    return Submission(key_of(entry.name), entry.name, "folder", notebook, folder=entry.name, note=note)


def _person(found: object) -> dict:
    submitters = found.get("submitters") if isinstance(found, dict) else None
    return (
        submitters[0]
        if isinstance(submitters, list) and submitters and isinstance(submitters[0], dict)
        else {}
    )


def _notebook(folder: Path) -> tuple[Path | None, str]:
    """The notebook in a student's folder: the newest where there are several; and what to say about it."""
    inside = [path for path in _files(folder) if path.suffix == ".ipynb"]
    if not inside:
        return None, "there is no notebook (.ipynb) among the files"
    chosen = max(inside, key=lambda path: (path.stat().st_mtime, path.name))
    return chosen, f"{len(inside)} notebooks; graded is {chosen.name}" if len(inside) > 1 else ""


def _files(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in IGNORED)
        paths = (Path(where, name) for name in sorted(names))
        yield from (path for path in paths if not path.is_symlink() and not _ignored(path))


def _last_of_each(found: list[Submission]) -> Iterator[Submission]:
    """One submission a student: the last one, with a note about the others."""
    by_key: dict[str, list[Submission]] = {}
    for submission in found:
        by_key.setdefault(submission.key, []).append(submission)
    for key in sorted(by_key):
        *others, last = sorted(by_key[key], key=lambda s: (s.path is not None, s.turn, s.folder))
        notes = [last.note, f"handed in {len(others) + 1} times; graded is {last.folder}" if others else ""]
        yield replace(last, note="; ".join(filter(None, notes)))


def _ignored(path: Path) -> bool:
    return path.name in IGNORED or path.name.startswith(".")


def key_of(name: str) -> str:
    """A name that can be a file's name: letters and digits of any script, and some signs.

    A name that had to be changed gets some digits, so that two different ones stay different.
    """
    name = unicodedata.normalize("NFC", name)
    plain = re.sub(r"[^\w.@+-]+", "_", name).strip("._")
    digits = hashlib.sha256(name.encode()).hexdigest()[:6]
    return plain if plain == name else f"{plain}_{digits}".lstrip("_")
