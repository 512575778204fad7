"""How a wheel is built: setuptools, and the book's files beside the code, with labs in the students' version.

Only a wheel needs what Otter needs to make those; an editable installation reads the checkout itself.
"""

import re
import shutil
from pathlib import Path

from setuptools import build_meta
from setuptools.build_meta import *  # noqa: F403  (a build backend is its functions)
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("book", "notebooks", "results")
FILES = ("requirements.txt", "_toc.yml", "_config.yml")
TOOLS = ("otter-grader", "nbformat", "ipython", "pyyaml", "platformdirs", "filelock", "packaging")
UNWANTED = shutil.ignore_patterns(".*", "__pycache__", "*.new.*")


def get_requires_for_build_wheel(config_settings=None) -> list[str]:
    """The tools that make the students' labs, at the book's pins."""
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    ours = [pin for pin in pins if re.split("==", pin)[0].lower() in TOOLS]
    return [*build_meta.get_requires_for_build_wheel(config_settings), *ours]


class BuildPy(build_py):
    """Also put the book's files into ``utils/share``."""

    def run(self) -> None:
        """Build, and put the book's files beside the package."""
        if self.editable_mode:
            super().run()
            return
        shutil.rmtree(self.build_lib, ignore_errors=True)  # what an earlier build left must not come along
        super().run()
        carry(Path(self.build_lib) / "utils/share")


def carry(share: Path) -> None:
    """Copy into ``share`` what a reader's workspace, pages and widgets are made from."""
    from utils.chapters import written
    from utils.labs.build import build

    share.mkdir(parents=True)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, share / name, ignore=UNWANTED)
    for name in FILES:
        shutil.copy(ROOT / name, share / name)
    (share / "student").mkdir()
    for chapter in written():
        if (ROOT / "labs" / f"{chapter.slug}.ipynb").is_file():
            files = build(chapter.slug, out=share.parent.parent / "labs")
            shutil.copy(files["student"], share / "student")
    shutil.rmtree(share.parent.parent / "labs", ignore_errors=True)
