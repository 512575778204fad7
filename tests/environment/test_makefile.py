"""The Makefile explains itself, calls commands that exist, and names remedies."""

import os
import re
import shutil
import subprocess
import sys

import click
import pytest

from utils.cli import frugal
from utils.paths import ROOT

TEXT = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.search(r"^\.PHONY: (.*)$", TEXT, re.MULTILINE).group(1).split()

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def make(*arguments: str, folder=ROOT) -> subprocess.CompletedProcess:
    # These tests may themselves run under make, whose options are not meant for them.
    outer = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "PYTHON", "TORCH")
    options = {"env": {name: value for name, value in os.environ.items() if name not in outer}, "cwd": folder}
    return subprocess.run(["make", *arguments], capture_output=True, text=True, timeout=300, **options)


@pytest.fixture
def clone(tmp_path):
    """What make and the installer read, without an environment, in a folder with a difficult name."""
    folder = tmp_path / "my course (ü)"
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder)
    for name in ("__init__.py", "allocator.py", "imports.py", "surroundings.py"):
        (folder / "utils").mkdir(exist_ok=True)
        shutil.copy(ROOT / "utils" / name, folder / "utils")
    shutil.copytree(ROOT / "utils/install", folder / "utils/install")
    return folder


def test_plain_make_lists_every_target():
    output = make().stdout
    assert re.findall(r"^  make (\w+) +\w", output, re.MULTILINE) == TARGETS


def test_every_frugal_command_exists():
    called = set(re.findall(r"\$\(BIN\)/frugal (\w+)", TEXT))
    assert called
    assert called <= set(frugal.list_commands(click.Context(frugal)))


@pytest.mark.parametrize("python", ["/no/such/python", "false"])
def test_missing_or_old_python_is_a_sentence(clone, python):
    result = make("lab", f"PYTHON={python}", folder=clone)
    assert result.returncode != 0
    assert "Python 3.11 to 3.14 is needed" in result.stderr
    assert not (clone / ".venv").exists()


def test_python_without_venv_is_a_sentence(clone):
    python = clone / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (clone / "ensurepip.py").write_text("raise ImportError")
    result = make("lab", f"PYTHON={python}", folder=clone)
    assert result.returncode != 0
    assert "apt install python3-venv" in result.stderr


def test_serve_without_a_site_names_the_remedy(clone):
    ready(clone)
    result = make("serve", folder=clone)
    assert result.returncode != 0
    assert "make site" in result.stderr


def test_environment_that_is_ready_is_not_touched(clone):
    ready(clone)
    assert "pip" not in make("-n", "lab", folder=clone).stdout


INSTALL = re.compile(r"-m utils\.install( --torch \w+)? *(\w*) *$", re.MULTILINE)


def installs(clone, *arguments: str) -> list[tuple[str, str]]:
    """The calls of the installer that make would do: how PyTorch is chosen, and the extra."""
    return INSTALL.findall(make("-n", *arguments, folder=clone).stdout)


@pytest.mark.parametrize(
    "target, extra",
    [("lab", ""), ("labs", ""), ("test", "test"), ("site", "site"), ("bench", "bench"), ("gpu", "dev")],
)
def test_each_command_installs_what_it_needs(clone, target, extra):
    assert installs(clone, target) == [("", extra)]


def test_changed_pins_install_again(clone):
    ready(clone)
    earlier = (clone / "requirements.txt").stat().st_mtime - 9
    os.utime(clone / ".venv/.ready", (earlier, earlier))
    assert installs(clone, "lab") == [("", "")]


def test_moved_folder_installs_again(clone):
    ready(clone)
    assert installs(clone, "lab") == []
    moved = clone.rename(clone.with_name("moved"))
    assert installs(moved, "lab") == [("", "")]


def test_choice_of_pytorch_is_passed_on(clone):
    assert installs(clone, "lab", "TORCH=cpu") == [(" --torch cpu", "")]


def test_clean_keeps_the_readers_work(clone):
    for folder in ("_build", "workspace", ".venv"):
        (clone / folder).mkdir()
    make("clean", folder=clone)
    assert sorted(path.name for path in clone.iterdir() if path.is_dir()) == [".venv", "utils", "workspace"]


def ready(folder) -> None:
    """Make the environment look installed."""
    (folder / ".venv").mkdir()
    (folder / ".venv/.ready").write_text(f"{folder}\n")
