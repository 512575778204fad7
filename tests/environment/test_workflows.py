"""The workflows call only what exists, and with no more rights than they need."""

import os
import re
import shutil
import subprocess

import click
import pytest
import yaml

from utils.cli import frugal
from utils.paths import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE).group(1).split()
COMMANDS = frugal.list_commands(click.Context(frugal))


def load(path) -> dict:
    return yaml.load(
        path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader
    )  # the base loader keeps "on" a word


def scripts(path) -> str:
    jobs = load(path)["jobs"].values()
    return "\n".join(step["run"] for job in jobs for step in job["steps"] if "run" in step)


def test_the_three_workflows_are_there():
    assert [path.stem for path in WORKFLOWS] == ["publish", "tests", "weekly"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_command_exists(path):
    text = scripts(path)
    assert set(re.findall(r"\bmake (\w+)", text)) <= set(TARGETS)
    assert set(re.findall(r"\bfrugal (\w+)", text)) <= set(COMMANDS)
    for script in re.findall(r"^(\.\S*/\S+)", text, re.MULTILINE):
        assert script.startswith(".venv/") or os.access(ROOT / script, os.X_OK)
    assert re.search(r"make |\.ci/run", text)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_rights_and_time_are_limited(path):
    workflow = load(path)
    assert workflow["permissions"]["contents"] == "read"
    builds = [job for job in workflow["jobs"].values() if any("run" in step for step in job["steps"])]
    assert builds
    assert all(int(job["timeout-minutes"]) <= 90 for job in builds)


def test_only_the_weekly_build_starts_from_nothing():
    cached = {path.stem: "actions/cache" in path.read_text(encoding="utf-8") for path in WORKFLOWS}
    assert cached == {"publish": True, "tests": True, "weekly": False}


def test_the_weekly_build_does_what_no_other_does():
    text = scripts(ROOT / ".github/workflows/weekly.yml")
    for command in (
        "make site",
        "scoreboard --compare",
        "lighthouse",
        "compile --all",
        "labs check --anew",
        "labs mutate",
    ):
        assert command in text


def test_the_check_is_the_readmes_command():
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")


def test_published_site_is_told_where_it_lies():
    given = set(re.findall(r"\bFRUGAL_[A-Z_]+", (ROOT / ".github/workflows/publish.yml").read_text()))
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "utils/site").glob("*.py")]
    read = set(re.findall(r"\bFRUGAL_[A-Z_]+", "\n".join(sources)))
    assert given
    assert given <= read


class TestCiRun:
    """``.ci/run`` with make replaced by a script that answers as told, to ``make test`` alone."""

    @pytest.fixture
    def run(self, tmp_path):
        """Function that runs it and returns exit status and last line."""
        shutil.copytree(ROOT / ".ci", tmp_path / "project/.ci")

        def run(test: str):
            programs = {
                "make": f'case "$*" in test) {test};; *) exit 9;; esac',
                "chromium": "",
                "bwrap": "",
            }
            for name, text in programs.items():
                (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
                (tmp_path / name).chmod(0o755)
            environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
            command = [str(tmp_path / "project/.ci/run")]
            result = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
            return result.returncode, result.stdout.splitlines()[-1]

        return run

    COUNT = "echo '===== 123 passed, 2 skipped in 300.10s (0:05:00) ====='"

    def test_last_line_is_the_count(self, run):
        assert run(self.COUNT) == (0, "123 passed, 2 skipped in 300.10s (0:05:00)")

    def test_failing_tests_fail(self, run):
        assert run("echo '== 1 failed, 2 passed in 1.00s =='; exit 1") == (1, "1 failed, 2 passed in 1.00s")

    def test_tests_that_never_ran_fail(self, run):
        assert run("true") == (1, "the tests did not run to their end")
