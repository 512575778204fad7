"""``frugal lab``: the desk as a reader finds it, and the second call that costs next to nothing."""

import json
import os
import time

import pytest
from click.testing import CliRunner

from utils import chapters, paths
from utils.cli.lab import command


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A workspace that was brought up to date once."""
    folder = tmp_path_factory.mktemp("workspace")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "WORKSPACE", folder)
        result = CliRunner().invoke(command, ["--sync-only"], catch_exceptions=False)
        assert result.exit_code == 0
        assert "START.ipynb is new." in result.output
        yield folder


def test_every_written_chapter_has_its_files_and_a_row(desk):
    start = json.loads((desk / "START.ipynb").read_text(encoding="utf-8"))["cells"][0]["source"]
    for chapter in chapters.written():
        for name in (f"notebooks/{chapter.slug}.ipynb", f"labs/{chapter.slug}.ipynb"):
            assert (desk / name).is_file()
            assert f"]({name})" in start


def test_labs_come_without_solutions(desk):
    for lab in (desk / "labs").glob("*.ipynb"):
        text = lab.read_text(encoding="utf-8")
        for mark in ("BEGIN SOLUTION", "BEGIN TEST", "hidden: true"):
            assert mark not in text, (lab.name, mark)


def test_second_call_says_nothing_and_takes_less_than_two_seconds(desk):
    begin = time.process_time()  # seconds of work, whatever else the machine does
    result = CliRunner().invoke(command, ["--sync-only"], catch_exceptions=False)
    assert time.process_time() - begin < 2
    assert result.output == ""


def test_jupyterlab_is_opened_on_the_start_page_with_the_readers_options(desk, monkeypatch):
    calls = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: calls.append((os.getcwd(), arguments)))
    monkeypatch.setenv("PATH", os.environ["PATH"])
    monkeypatch.chdir(desk)
    CliRunner().invoke(command, ["--no-browser", "--port=9999"], catch_exceptions=False)
    [(folder, arguments)] = calls
    assert folder == str(desk)
    assert arguments[1:4] == ["-m", "jupyterlab", "START.ipynb"]
    assert f"--ServerApp.root_dir={desk}" in arguments
    assert arguments[-2:] == ["--no-browser", "--port=9999"]
