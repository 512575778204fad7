"""Proofs that are remembered: ``labs/proofs/NN.json`` has hashes of what a lab's last proof depended on."""

import hashlib
import json
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from utils.execution.closure import Closure
from utils.execution.fingerprint import file_digest
from utils.files import write_atomic
from utils.labs.answers import answers_path
from utils.labs.master import Lab, master_path
from utils.labs.requirements import pins_of
from utils.paths import LABS, ROOT

HARNESS = ["from utils.labs import build, marks, proof"]


def inputs(lab: Lab, folder: Path = LABS, root: Path = ROOT) -> dict[str, str]:
    """Hashes of what a proof depends on: master, answers, the lab's modules, harness, packages, Python."""
    code = [cell.source for cell in lab.cells if cell.part in ("given", "solution", "tests")]
    closure = Closure(root)
    modules = closure.files(code)
    pins = [line.partition("==")[0] for line in pins_of([*code, "import otter"], modules)]
    parts = {
        "master": [file_digest(master_path(lab.slug, folder))],
        "answers": [file_digest(answers_path(lab.slug, folder))],
        "modules": _digests(modules, root),
        "harness": _digests(closure.files(HARNESS), root),
        "packages": [f"{name} {version(name).partition('+')[0]}" for name in pins],
    }
    found = {name: hashlib.sha256("\n".join(lines).encode()).hexdigest() for name, lines in parts.items()}
    return found | {"Python": f"{sys.version_info.major}.{sys.version_info.minor}"}


def changed(lab: Lab, folder: Path = LABS) -> list[str]:
    """What has changed since the lab was last proved, in words; empty when the proof still holds."""
    path = proof_path(lab.slug, folder)
    try:
        old = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return ["everything"]
    new = inputs(lab, folder)
    return [name for name in new if old.get(name) != new[name]]


def remember(lab: Lab, folder: Path = LABS) -> Path:
    """Note that the lab, as it is now, is proved; returns the file."""
    path = proof_path(lab.slug, folder)
    write_atomic(path, json.dumps(inputs(lab, folder), indent=1) + "\n")
    return path


def proof_path(slug: str, folder: Path = LABS) -> Path:
    """The file of a lab's remembered proof."""
    return folder / "proofs" / f"{slug[:2]}.json"


def _digests(files: Iterable[Path], root: Path) -> list[str]:
    return [f"{path.relative_to(root).as_posix()} {file_digest(path)}" for path in files]
