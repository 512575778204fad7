"""The Makefile explains itself, calls commands that exist, and names remedies."""

import os
import re
import shutil
import subprocess

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
    return subprocess.run(["make", *arguments], capture_output=True, text=True, timeout=60, **options)


@pytest.fixture
def clone(tmp_path):
    """The files that make reads, without an environment."""
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


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
    assert "Python 3.11 or newer is needed" in result.stderr
    assert not (clone / ".venv").exists()


def test_python_without_venv_is_a_sentence(clone):
    python = clone / "python"
    python.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n')
    python.chmod(0o755)
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


def test_changed_pins_install_again(clone):
    ready(clone)
    later = (clone / ".venv/.ready").stat().st_mtime + 1
    os.utime(clone / "requirements.txt", (later, later))
    assert "pip install --requirement requirements.txt" in make("-n", "lab", folder=clone).stdout


def test_small_torch_is_installed_only_when_asked_for(clone):
    assert "download.pytorch.org" not in make("-n", "lab", folder=clone).stdout
    assert "download.pytorch.org" in make("-n", "lab", "TORCH=cpu", folder=clone).stdout


def test_clean_keeps_the_readers_work(clone):
    for folder in ("_build", "workspace", ".venv"):
        (clone / folder).mkdir()
    make("clean", folder=clone)
    assert sorted(path.name for path in clone.iterdir() if path.is_dir()) == [".venv", "workspace"]


def ready(folder) -> None:
    """Make the environment look installed."""
    (folder / ".venv").mkdir()
    (folder / ".venv/.ready").touch()
