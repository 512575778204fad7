"""``frugal prepare``: run the cells tagged ``prepare`` at their real size; know when they are out of date."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from utils import provenance
from utils.errors import FrugalError
from utils.evidence import prepared
from utils.execution import source
from utils.execution.closure import Closure
from utils.execution.fingerprint import file_digest
from utils.execution.narrow import LEFT_OUT
from utils.execution.syntax import cell_digest
from utils.paths import ROOT

TAG = "prepare"
NAMES = re.compile(r"""prepared=["']([a-z0-9-]+)["']|\.table\(\s*["']([a-z0-9-]+)["']""")
CHOOSES = "utils/evidence/tuning.py"  # counts, though the modules that show and judge do not


def cells(slug: str, root: Path = ROOT) -> list[str]:
    """The code that a preparation runs, in order: the parameters, and what is tagged."""
    wanted = {TAG, "parameters"}
    found = [cell for cell in source.load(slug, root).cells if cell["cell_type"] == "code"]
    return ["".join(c["source"]) for c in found if wanted & set(c["metadata"].get("tags", []))]


def names(slug: str, root: Path = ROOT) -> list[str]:
    """What a chapter prepares."""
    return [a or b for text in cells(slug, root) for a, b in NAMES.findall(text)]


def fingerprint(slug: str, root: Path = ROOT) -> str:
    """SHA-256 of what decides the values: tagged cells, the modules that they reach, the data; no pins."""
    code = cells(slug, root)
    files = [*Closure(root).files(code, lambda path: _is_shown(path, root)), root / CHOOSES]
    inputs = {path.relative_to(root).as_posix(): file_digest(path) for path in files}
    content = [[cell_digest(text) for text in code], sorted(inputs.items())]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def stale(slug: str, root: Path = ROOT) -> list[str]:
    """A sentence for each preparation of a chapter that is missing, out of date, or of a changed checkout."""
    found, now = [], None
    for name in names(slug, root):
        now = now or fingerprint(slug, root)
        path = root / "results" / "prepared" / f"{slug[:2]}_{name}.json"
        if not path.is_file():
            found.append(f"{path.name} is not there")
            continue
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["fingerprint"] != now:
            found.append(f"{path.name} is older than the cells, modules or data that it was made from")
        elif content["provenance"].get("dirty"):
            found.append(f"{path.name} was made in a changed checkout: commit first")
    return found


def run(slug: str, force: bool = False, root: Path = ROOT) -> bool:
    """Prepare a chapter if something is out of date; returns whether it ran.

    Raises
    ------
    FrugalError
        When the chapter prepares nothing, or a cell failed; what was stored before stays.
    """
    if not names(slug, root):
        raise FrugalError(f"chapter {slug} prepares nothing: tag the cells that do with '{TAG}'.")
    if not force and not stale(slug, root):
        return False
    about = {"fingerprint": fingerprint(slug, root), "provenance": provenance.describe("cpu", root)}
    environment = os.environ | {
        prepared.WRITING: json.dumps(about),
        prepared.FOLDER: str(root / "results" / "prepared"),
        "OMP_NUM_THREADS": "1",
    }
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-P", "-m", "utils.execution.prepare_cells"]
        done = subprocess.run(
            command, cwd=folder, env=environment, input=json.dumps(cells(slug, root)), text=True, check=False
        )
    if done.returncode:
        raise FrugalError(f"preparing {slug} failed, see above; what was stored before stays.")
    return True


def _is_shown(path: Path, root: Path) -> bool:
    return path.relative_to(root).as_posix().startswith(LEFT_OUT)
