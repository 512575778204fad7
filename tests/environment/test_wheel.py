"""The book as an installed package: one installation that nobody writes into, and users who do not meet."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from utils.paths import ROOT

CALL = [sys.executable, "-c", "from utils.cli import main; main()"]
CHECK = """
from utils.labs.desk import Desk
from utils.labs import desk
desk.display = lambda shown: print(getattr(shown, "data", shown))
Desk("11_bitnet_reloaded").check("ternarize")
Desk("11_bitnet_reloaded").solution("ternarize", now=True)
"""
WIDGET = """
from utils.paths import ROOT
from utils.widgets.chapter_map import ChapterMap
ChapterMap()
print(ROOT)
"""


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """The package installed from a wheel built from a copy of this tree, as ``pip install .`` does."""
    tree, wheels, place = (tmp_path_factory.mktemp(name) for name in ("tree", "wheels", "installation"))
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("needs git, and a checkout: the files of the package are those that git knows")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tree / name)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    outer = {**os.environ, "PYTHONPATH": ""}
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", wheels, tree]
    subprocess.run(build, check=True, env=outer, capture_output=True)
    install = [*pip, "install", "--no-deps", "--target", place, *wheels.glob("*.whl")]
    subprocess.run(install, check=True, env=outer, capture_output=True)
    return place


@pytest.fixture(scope="module")
def user(installation, tmp_path_factory):
    """Function that makes a user with a home of their own; what it returns runs Python as that user."""

    def user(name: str):
        home = tmp_path_factory.mktemp(name)
        outer = {
            key: value for key, value in os.environ.items() if not key.startswith(("FRUGAL", "XDG", "JPY"))
        }
        mine = {"HOME": str(home), "PYTHONPATH": str(installation), "PYTHONDONTWRITEBYTECODE": "1"}

        def run(*call: str, **more: str) -> str:
            environment = {**outer, **mine, **more}
            done = subprocess.run(
                call, env=environment, cwd=home, capture_output=True, text=True, timeout=200
            )
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        return run, home

    return user


@pytest.fixture(scope="module")
def anna(user):
    run, home = user("anna")
    run(*CALL, "lab", "--sync-only")
    return run, home


def places(home: Path) -> list[Path]:
    return sorted(path.parent for path in home.rglob("START.ipynb"))


def snapshot(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_wheel_holds_the_book_without_solutions(installation):
    share = installation / "utils/share"
    for name in ("book/map.yml", "notebooks/11_bitnet_reloaded.ipynb", "student/11_bitnet_reloaded.ipynb"):
        assert (share / name).is_file()
    assert not (share / "labs").exists()
    assert [path for path in share.rglob("*.ipynb") if "BEGIN SOLUTION" in path.read_text("utf-8")] == []
    assert list((share / "results").glob("*.json"))
    ours = {path.relative_to(ROOT).as_posix() for path in (ROOT / "utils").rglob("*") if path.suffix in KINDS}
    assert [name for name in ours if not (installation / name).exists()] == []


KINDS = {".py", ".js", ".css", ".yml", ".woff2", ".html", ".svg", ".png", ".j2"}


def test_workspace_lies_in_the_users_folder_and_the_installation_stays_as_it_was(user, installation):
    before = snapshot(installation)
    run, home = user("carla")
    run(*CALL, "lab", "--sync-only")
    [workspace] = places(home)
    assert (workspace / "labs/11_bitnet_reloaded.ipynb").is_file()
    assert (workspace / "notebooks/11_bitnet_reloaded.ipynb").is_file()
    assert snapshot(installation) == before


def test_checks_work_and_progress_is_the_users_own(anna, user):
    run, home = anna
    said = run(sys.executable, "-c", CHECK)
    assert "0 of 4 points" in said
    assert "came without solutions" in said
    assert "11_bitnet_reloaded" in json.loads((places(home)[0] / "progress.json").read_text())
    other, _ = user("bo")
    assert json.loads(other(*CALL, "labs", "progress", "--json")) == []


def test_claims_map_and_widgets_are_found(anna):
    run, home = anna
    assert json.loads(run(*CALL, "scoreboard", "--json"))
    assert str(home) in run(sys.executable, "-c", WIDGET)


def test_runs_are_planned_and_would_be_kept_at_the_users(anna):
    run, _ = anna
    assert "1 of 1 would run" in run(*CALL, "run", "14", "--profile", "smoke", "--dry-run")


def test_workspace_can_be_named(anna, tmp_path):
    run, _ = anna
    run(*CALL, "lab", "--sync-only", FRUGAL_WORKSPACE=str(tmp_path / "my book"))
    assert (tmp_path / "my book/START.ipynb").is_file()


def test_home_that_cannot_be_written_is_replaced(anna, tmp_path):
    """A file in the place of a home: nothing can be written there, not even by root."""
    (tmp_path / "home").write_text("")
    run, _ = anna
    run(*CALL, "lab", "--sync-only", HOME=str(tmp_path / "home"), TMPDIR=str(tmp_path))
    [workspace] = places(tmp_path)
    assert workspace.is_relative_to(next(tmp_path.glob("frugal-*")))
