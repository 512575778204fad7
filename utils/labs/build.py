"""From a lab's master: the student's notebook, the solution and the autograder archive."""

import hashlib
import json
import shutil
import sys
import tempfile
import zipfile
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

import nbformat

from utils.errors import FrugalError
from utils.execution.closure import Closure
from utils.files import write_atomic
from utils.labs.master import Lab, master_path, read, without_markers
from utils.labs.requirements import pins_of
from utils.labs.secrecy import leaks
from utils.paths import BUILD, LABS, PINS, ROOT

OUT = BUILD / "labs"
# Every file in an archive has this date, so that equal content gives equal bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)


def build(slug: str, folder: Path = LABS, out: Path = OUT) -> dict[str, Path]:
    """Build one lab into ``out/{student,solution,autograder}/``; nothing is done when nothing changed.

    Returns
    -------
    dict from "student", "solution", "autograder" to the file.

    Raises
    ------
    FrugalError
        when the master is missing or malformed, or a solution or hidden check would reach the student.
    """
    master = master_path(slug, folder)
    names = {"student": "ipynb", "solution": "ipynb", "autograder": "zip"}
    files = {part: out / part / f"{slug}.{suffix}" for part, suffix in names.items()}
    stamp, digest = out / f"{slug}.json", _digest(master)
    if stamp.is_file() and json.loads(stamp.read_text())["digest"] == digest and _all_exist(files):
        return files
    lab = read(master)
    with tempfile.TemporaryDirectory() as scratch:
        made = _assign(lab, master, Path(scratch))
    found = leaks(lab, made["student"])
    if found:
        raise FrugalError(
            f"the student version of {slug} would give away '{found[0]}'; mark it as solution or hidden."
        )
    stamp.unlink(missing_ok=True)
    for part, file in files.items():
        write_atomic(file, made[part])
    write_atomic(stamp, json.dumps({"digest": digest}))
    return files


def _assign(lab: Lab, master: Path, scratch: Path) -> dict[str, str | bytes]:
    """Run Otter Assign on a copy: texts of student notebook and solution, bytes of the archive."""
    from otter.assign import main as assign

    notebook = nbformat.read(master, as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    modules = Closure(ROOT).files(code)
    for file in modules:
        copy = scratch / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    (scratch / "requirements.txt").write_text("\n".join(pins_of(code, modules)) + "\n")
    ids = {cell.id for cell in notebook.cells}
    notebook.cells[0].source += (
        "\nautograder_files: [utils]\nrequirements: requirements.txt"
        f"\npython_version: '{sys.version_info.major}.{sys.version_info.minor}'"
    )
    copy = scratch / master.name
    nbformat.write(notebook, copy)
    try:
        assign(str(copy), str(scratch / "out"), no_run_tests=True, no_pdfs=True)
    except Exception as error:
        raise FrugalError(f"Otter cannot build {lab.slug}: {error}; correct its master.") from error
    student = nbformat.read(scratch / "out/student" / master.name, as_version=4)
    student.metadata["frugal"] = {"points": {question.name: question.points for question in lab.graded}}
    solution = nbformat.read(scratch / "out/autograder" / master.name, as_version=4)
    for cell in solution.cells:
        cell.source = without_markers(cell.source) if cell.cell_type == "code" else cell.source
    archive = next((scratch / "out/autograder").glob("*.zip"))
    texts = {"student": student, "solution": solution}
    return {part: _stable(text, ids) for part, text in texts.items()} | {"autograder": _repack(archive)}


def _stable(notebook: nbformat.NotebookNode, ids: set[str]) -> str:
    """The notebook as text; cells that Otter added get ids by their place: equal masters give equal files."""
    for place, cell in enumerate(notebook.cells):
        if cell.get("id") not in ids:
            cell["id"] = f"added-{place}"
        cell.metadata.pop("otter", None)
    notebook.nbformat_minor = 5
    return nbformat.writes(notebook) + "\n"


def _repack(archive: Path) -> bytes:
    """The archive's files in order of their names, without dates."""
    buffer = BytesIO()
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            info = zipfile.ZipInfo(name, EPOCH)
            info.external_attr = 0o755 << 16
            new.writestr(info, old.read(name))
    return buffer.getvalue()


def _digest(master: Path) -> str:
    """SHA-256 of everything that a build depends on."""
    code = [cell.source for cell in nbformat.read(master, as_version=4).cells if cell.cell_type == "code"]
    inputs = [master, PINS, *sorted(Path(__file__).parent.glob("*.py")), *Closure(ROOT).files(code)]
    total = hashlib.sha256(f"{version('otter-grader')} {sys.version_info[:2]}".encode())
    for file in inputs:
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _all_exist(files: dict[str, Path]) -> bool:
    return all(file.is_file() for file in files.values())
