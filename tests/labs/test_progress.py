"""Progress survives two writers, damage of every kind, and a crash."""

import json
import subprocess
import sys

import pytest

from utils.labs import progress

WRITE = """
import sys
from pathlib import Path
from utils.labs import progress
for place in range(20):
    progress.keep(sys.argv[1], f"q{place}", 1, 1, {}, Path(sys.argv[2]))
"""
DAMAGES = {
    "cut": '{"01": {"exer',
    "empty": "",
    "a list": "[1]",
    "null": "null",
    "a lab that is a list": '{"01": []}',
    "points in words": '{"01": {"totals": {}, "exercises": {"q": {"points": "all", "possible": 1}}}}',
    "no totals": '{"01": {"exercises": {}}}',
    "no text": b"\xff\xfe\x00",
}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "progress.json"


def test_two_writers_lose_nothing(file):
    calls = [subprocess.Popen([sys.executable, "-c", WRITE, lab, str(file)]) for lab in ("a", "b", "b")]
    assert [call.wait(60) for call in calls] == [0, 0, 0]
    assert {lab: len(entry["exercises"]) for lab, entry in json.loads(file.read_text()).items()} == {
        "a": 20,
        "b": 20,
    }


def test_best_result_stays(file):
    progress.keep("01", "q", 2, 3, {"q": 5}, file)
    progress.keep("01", "q", 1, 3, {"q": 5}, file)
    [lab] = progress.summary(file)
    assert (lab.points, lab.possible, lab.solved, lab.exercises) == (2, 3, 0, 1)
    assert not progress.is_full("01", "q", file)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_file_is_set_aside_with_a_sentence(file, damage):
    damage = damage if isinstance(damage, bytes) else damage.encode()
    file.write_bytes(damage)
    assert progress.summary(file) == []
    assert "damaged" in progress.keep("01", "q", 1, 1, {}, file)
    assert progress.is_full("01", "q", file)
    assert [path.read_bytes() for path in file.parent.glob("*.damaged-*")] == [damage]
    assert progress.keep("01", "q2", 1, 1, {}, file) == ""


def test_link_stays_a_link(file, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    file.symlink_to(tmp_path / "elsewhere/progress.json")
    progress.keep("01", "q", 1, 1, {}, file)
    assert file.is_symlink()
    assert progress.is_full("01", "q", file)
