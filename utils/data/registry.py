"""The data sets of the book (``sets/NAME.yml``): where each file is, its SHA-256, its terms.

These are the public data sets that a full run downloads once. Nothing of them is in this repository. A URL
names a commit, so its bytes cannot change; the ones after the first are mirrors of the same bytes. Each set
has a file of its own, so that a notebook depends on the sets that it uses and on no others.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from utils.errors import FrugalError

SETS = Path(__file__).with_name("sets")


@dataclass(frozen=True)
class File:
    """One file of a set; ``urls`` are tried in order and hold the same bytes."""

    name: str
    bytes: int
    sha256: str
    urls: tuple[str, ...]


@dataclass(frozen=True)
class DataSet:
    """A data set as ``sets/NAME.yml`` describes it; ``chapters`` are the numbers of those that use it."""

    name: str
    contents: str
    license: str
    source: tuple[str, ...]
    chapters: tuple[int, ...]
    caveats: tuple[str, ...]
    files: tuple[File, ...]

    @property
    def bytes(self) -> int:
        """Size of all files together."""
        return sum(file.bytes for file in self.files)

    def file(self, name: str) -> File:
        """The file of this name.

        Raises
        ------
        FrugalError
            when the set has no such file; the message lists the first ones that it has.
        """
        for file in self.files:
            if file.name == name:
                return file
        known = ", ".join(file.name for file in self.files[:8])
        raise FrugalError(f"the data set {self.name} has no file '{name}'; it has {known}.")


@lru_cache
def data_sets() -> tuple[DataSet, ...]:
    """All registered data sets, in order of their names."""
    return tuple(map(_read, sorted(SETS.glob("*.yml"))))


def find(name: str) -> DataSet:
    """The data set of this name.

    Raises
    ------
    FrugalError
        when it is not registered; the message lists those that are.
    """
    for data_set in data_sets():
        if data_set.name == name:
            return data_set
    known = ", ".join(data_set.name for data_set in data_sets())
    raise FrugalError(f"there is no data set '{name}'; registered are {known}.")


def _read(path: Path) -> DataSet:
    entry = yaml.safe_load(path.read_text(encoding="utf-8"))
    files = tuple(File(**{**file, "urls": tuple(file["urls"])}) for file in entry["files"])
    lists = {key: tuple(entry[key]) for key in ("source", "chapters", "caveats")}
    return DataSet(path.stem, entry["contents"], entry["license"], files=files, **lists)
