"""The folder ``.venv``: made once, repaired after a move, marked when a set of packages is complete in it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from utils.install.pip import inside, pip

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
PINS = "requirements.txt"
TEST_PROGRAMS = ("test/*", "bin/test_*", "bin/*Test")
READERS = ""  # the name of the set that every reader needs; the others are extras of pyproject.toml
# Scripts name the interpreter by its full path; pip's own copy of distlib knows every form of such a line.
RENEW = """
import sysconfig
from importlib.metadata import entry_points
from pip._vendor.distlib.scripts import ScriptMaker
maker = ScriptMaker(None, sysconfig.get_path("scripts"))
maker.clobber, maker.variants, maker.set_mode = True, {""}, True
scripts = entry_points(group="console_scripts")
maker.make_multiple(f"{script.name} = {script.value.split('[')[0].strip()}" for script in scripts)
"""

# What two packages demand for uses that no reader has: a grader's browser and containers, a manual.
SPARED = {"otter-grader": ["playwright", "python-on-whales"], "fica": ["sphinx", "docutils"]}
NEEDS = f"""
from importlib.metadata import requires
from pip._vendor.packaging.requirements import Requirement
for package, spared in {SPARED}.items():
    for wanted in map(Requirement, requires(package)):
        applies = not wanted.marker or wanted.marker.evaluate({{"extra": ""}})
        if applies and wanted.name not in [*spared, *{list(SPARED)}]:
            print(f"{{wanted.name}}{{wanted.specifier}}")
"""


class Environment:
    """The virtual environment of one copy of the book.

    Parameters
    ----------
    root : Path
        The book's folder; the environment lies in ``root/.venv``.
    """

    def __init__(self, root: Path):
        self.root = root
        self.folder = root / ".venv"
        windows = os.name == "nt"
        self.python = self.folder / ("Scripts/python.exe" if windows else "bin/python")
        self.log = self.folder / "install.log"

    def mark(self, extra: str) -> Path:
        """The file that says that a set is installed, and in which folder that was."""
        return self.folder / (f".ready-{extra}" if extra else ".ready")

    def install(self, extra: str, cpu: bool) -> None:
        """Install the readers' set and one extra; what is there already is left alone.

        Parameters
        ----------
        extra : str
            A name under ``[project.optional-dependencies]``, or ``READERS``.
        cpu : bool
            Whether PyTorch comes without CUDA, from PyTorch's own index where that can be reached.
        """
        self._make()
        pins = ["install", "--no-compile", "--only-binary", ":all:", "--constraint", PINS]
        if cpu and not self._has("torch"):
            small = [*pins, "--no-deps", "--retries", "1", "--extra-index-url", CPU_INDEX, "torch"]
            pip(self.python, small, self.log, "PyTorch without CUDA", self.root)
        wanted = requirements(self.root, extra)
        if extra == READERS:
            wanted = [text for text in wanted if not text.startswith(tuple(SPARED))]
            pip(self.python, [*pins, "--no-deps", *SPARED], self.log, "Checks of the labs", self.root)
            wanted += self._say(NEEDS).splitlines()
        pip(self.python, [*pins, *wanted], self.log, "Packages", self.root)
        self._prune()
        own = ["install", "--no-deps", "--no-build-isolation", "--editable", "."]
        pip(self.python, own, self.log, "The book itself", self.root)
        for name in {READERS, extra}:
            self.mark(name).write_text(f"{self.root}\n", encoding="utf-8")

    def moved(self) -> bool:
        """Whether the environment was made for another folder: this one was moved, renamed or copied."""
        marks = [path for path in self.folder.glob(".ready*") if path.stat().st_size]
        return any(Path(path.read_text(encoding="utf-8").strip()) != self.root for path in marks)

    def _make(self) -> None:
        if self.folder.is_dir() and self.moved():
            self._repair()
        if not self._works():
            shutil.rmtree(self.folder, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", str(self.folder)], check=True)

    def _prune(self) -> None:
        """Remove PyTorch's own test programs, 125 MB that only its makers run."""
        for pattern in TEST_PROGRAMS:
            for path in inside(self.folder, f"torch/{pattern}"):
                path.unlink()

    def _repair(self) -> None:
        """Give interpreter and scripts their new place; nothing is downloaded."""
        print("This folder was moved or copied: giving .venv its new place.", file=sys.stderr)
        base = re.search(
            r"^home = (.*)$", (self.folder / "pyvenv.cfg").read_text(encoding="utf-8"), re.MULTILINE
        )
        made = Path(base.group(1)) / f"python{self._minor()}" if base and os.name != "nt" else None
        if made is None or not made.exists():
            shutil.rmtree(self.folder)  # the Python that it was made with is gone: make it anew
            return
        subprocess.run([str(made), "-m", "venv", "--without-pip", str(self.folder)], check=True)
        subprocess.run([str(self.python), "-I", "-c", RENEW], check=True)

    def _minor(self) -> str:
        return next((path.name[6:] for path in (self.folder / "lib").glob("python3.*")), "")

    def _works(self) -> bool:
        return self._run("import pip")

    def _say(self, code: str) -> str:
        return subprocess.run(
            [str(self.python), "-I", "-c", code], capture_output=True, text=True, check=True
        ).stdout

    def _has(self, package: str) -> bool:
        return self._run(f"from importlib.metadata import version; version('{package}')")

    def _run(self, code: str) -> bool:
        try:
            call = [str(self.python), "-I", "-c", code]
            return subprocess.run(call, capture_output=True).returncode == 0
        except OSError:
            return False


def requirements(root: Path, extra: str) -> list:
    """What ``pyproject.toml`` asks for, with one extra and the extras that this one names itself."""
    import tomllib

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found, todo, seen = list(project["dependencies"]), [extra] if extra else [], set()
    while todo:
        name = todo.pop()
        seen.add(name)
        for text in project["optional-dependencies"][name]:
            own = re.fullmatch(rf"{project['name']}\[([\w,-]+)\]", text)
            if own:
                todo += [other for other in own.group(1).split(",") if other not in seen]
            else:
                found.append(text)
    return found
