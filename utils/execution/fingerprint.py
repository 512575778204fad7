"""What the outcome of a notebook depends on: a run is repeated when, and only when, one of these changes."""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from utils.execution.closure import Closure
from utils.execution.source import Source

NOTEBOOK = "notebook"
PYTHON = "Python"
PARAMETER = "parameter "
PINS = "requirements.txt"


def inputs(source: Source, parameters: dict[str, Any], closure: Closure) -> dict[str, str]:
    """Everything that counts, by name: the notebook, each parameter, and its surroundings (see there).

    The device is among the parameters.
    """
    found = {NOTEBOOK: source.digest()}
    found |= {PARAMETER + name: json.dumps(value) for name, value in sorted(parameters.items())}
    files = [path.relative_to(closure.root).as_posix() for path in closure.files(source.code)]
    return found | surroundings([PINS, *files], closure.root)


def surroundings(files: list[str], root: Path) -> dict[str, str]:
    """Python's minor version, and each file's SHA-256 by its path from ``root``, empty if missing."""
    found = {PYTHON: f"{sys.version_info.major}.{sys.version_info.minor}"}
    return found | {name: _sha256(root / name) for name in files}


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
    return said


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
