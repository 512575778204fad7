"""A running JupyterLab is seen by the note that it leaves; notes of dead ones count for nothing."""

import json
import os
import subprocess
import sys

import pytest

from utils.workspace.servers import is_served


@pytest.fixture
def note(tmp_path):
    """Function that leaves a server's note."""

    def note(root, pid: int) -> None:
        (tmp_path / "jpserver-1.json").write_text(json.dumps({"root_dir": str(root), "pid": pid}))

    return note


@pytest.mark.parametrize("root, served", [(".", True), ("..", True), ("labs", True), ("../other", False)])
def test_server_counts_where_it_shows_the_folder(tmp_path, note, root, served):
    folder = tmp_path / "workspace"
    note(folder / root, os.getpid())
    assert is_served(folder, tmp_path) == served


def test_dead_server_counts_for_nothing(tmp_path, note):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    note(tmp_path, ended.pid)
    assert not is_served(tmp_path, tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"root_dir": 3, "pid": "x"}'])
def test_damaged_note_counts_for_nothing(tmp_path, text):
    (tmp_path / "jpserver-1.json").write_text(text)
    assert not is_served(tmp_path, tmp_path)
