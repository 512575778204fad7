"""What the outcome of a notebook depends on: a run is repeated when, and only when, one of these changes."""

import hashlib
import json
import re
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import yaml

from utils.execution.closure import DATA_SETS, Closure
from utils.execution.source import Source
from utils.execution.syntax import module_digest
from utils.paths import PINS

NOTEBOOK = "notebook"
CLAIMS = "claims"  # the folder in book/
PYTHON = "Python"
PARAMETER = "parameter "
PACKAGE = "package "
PIN = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)
SHOWN = 5  # changes that are named


def inputs(source: Source, parameters: dict[str, Any], closure: Closure) -> dict[str, str]:
    """Everything that counts, by name: the notebook, each parameter, and its surroundings (see there).

    The device is among the parameters.
    """
    found = {NOTEBOOK: source.digest()}
    found |= {PARAMETER + name: json.dumps(value) for name, value in sorted(parameters.items())}
    paths = [*closure.files(source.code), *_evidence(source.slug, closure.root)]
    files = [path.relative_to(closure.root).as_posix() for path in paths]
    return found | surroundings(files, closure.root)


def _evidence(slug: str, root: Path) -> list[Path]:
    """What a chapter's study reads besides code: its claims, and what was prepared for it."""
    claims = root / "book" / CLAIMS / f"{slug}.yml"
    prepared = (root / "results" / "prepared").glob(f"{slug[:2]}_*")
    return [path for path in (claims, *sorted(prepared)) if path.is_file()]


def surroundings(files: list[str], root: Path) -> dict[str, str]:
    """Python's minor version, each pinned package's installed version, each file's digest by its path."""
    found = {name: file_digest(root / name) for name in files}
    return found | _packages(root) | {PYTHON: f"{sys.version_info.major}.{sys.version_info.minor}"}


def file_digest(path: Path) -> str:
    """SHA-256 of what a file means to a run, empty if it is missing.

    Of Python and of claims that is what they say apart from layout, of a data set its files' checksums, else
    every byte.
    """
    if not path.is_file():
        return ""
    content = path.read_bytes()
    if path.suffix == ".py":
        return module_digest(content.decode())
    if path.parent.name == CLAIMS:
        content = json.dumps(yaml.safe_load(content)).encode()
    if path.parent.parts[-len(DATA_SETS.parts) :] == DATA_SETS.parts:
        content = _checksums(content)
    return hashlib.sha256(content).hexdigest()


@cache
def _checksums(data_set: bytes) -> bytes:
    files = yaml.safe_load(data_set)["files"]
    return json.dumps([[file["name"], file["sha256"]] for file in files]).encode()


def _packages(root: Path) -> dict[str, str]:
    """What is installed of each package that ``requirements.txt`` pins, and the pin where they differ."""
    pins = root / PINS.name
    found = PIN.findall(pins.read_text(encoding="utf-8")) if pins.is_file() else []
    return {PACKAGE + name: _version(name, pin) for name, pin in found}


def _version(name: str, pin: str) -> str:
    installed = _installed(name)
    return installed if installed.partition("+")[0] == pin else f"{installed}, pinned {pin}"


@cache
def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def surroundings_in(inputs: dict[str, str]) -> dict[str, str]:
    """The part of ``inputs`` that another machine must share."""
    return {
        name: value for name, value in inputs.items() if name != NOTEBOOK and not name.startswith(PARAMETER)
    }


def fingerprint(inputs: dict[str, str]) -> str:
    """One SHA-256 for all inputs."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def changes(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """Say in words how two sets of inputs differ, the notebook first."""
    said = []
    for name in sorted(old.keys() | new.keys(), key=lambda name: (name != NOTEBOOK, name)):
        if name not in old:
            said.append(f"{name} is new")
        elif name not in new:
            said.append(f"{name} is no longer used")
        elif old[name] != new[name]:
            short = len(new[name]) < 40  # a value that can be shown, not a digest
            said.append(f"{name}: {old[name]} -> {new[name]}" if short else f"{name} changed")
    return said if len(said) <= SHOWN else [*said[:SHOWN], f"and {len(said) - SHOWN} more"]
