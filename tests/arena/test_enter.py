"""A point holds what the page shows; the full task says that it needs a GPU; the command writes the file."""

import json

import pytest
import torch
from click.testing import CliRunner

from utils.arena import board, digits
from utils.arena.enter import TASKS, baselines, enter, measure
from utils.arena.technique import DENSE, INT8
from utils.cli.arena import command
from utils.errors import FrugalError
from utils.evidence import store


@pytest.fixture(scope="module")
def point():
    return measure(INT8, "smoke", 8)


def test_a_point_is_complete(point):
    assert (point["technique"], point["width"], point["seeds"]) == (INT8.name, 8, list(digits.SEEDS))
    assert len(point["accuracy"]) == len(digits.SEEDS)
    assert point["rate"] in digits.RATES
    assert point["bytes"] == (64 * 8 + 8 * 8 + 8 * 10) + 8 * (8 + 8 + 10)
    assert point["multiply_adds"] == 64 * 8 + 8 * 8 + 8 * 10
    assert all(point[key] > 0 for key in ("seconds_one", "seconds_batch", "speed_one", "speed_batch"))
    assert json.loads(json.dumps(point)) == point


def test_the_plain_rivals_are_all_there(monkeypatch):
    monkeypatch.setattr(
        "utils.arena.enter.measure", lambda technique, profile, width: (technique.name, width)
    )
    assert list(baselines("quick")) == [(t.name, width) for t in (DENSE, INT8) for width in digits.WIDTHS]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here, and the task would run")
def test_the_full_task_asks_for_a_gpu():
    with pytest.raises(FrugalError, match="needs a GPU"):
        measure(DENSE, "full")


class Study:
    """What `enter` needs of a study."""

    def __init__(self, profile):
        self.profile, self.points = profile, []
        self.enter = self.points.append


def test_a_chapter_enters_its_techniques(point, monkeypatch, capsys):
    monkeypatch.setattr("utils.arena.enter.measure", lambda technique, profile: point)
    study = Study("quick")
    enter(study, [INT8, DENSE])
    assert study.points == [point, point]
    assert f"{point['bytes']:,} bytes" in capsys.readouterr().out


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here, and the task would run")
def test_without_a_gpu_nothing_is_entered_at_full(capsys):
    study = Study("full")
    enter(study, [INT8])
    assert study.points == []
    assert "needs a GPU" in capsys.readouterr().out


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_rates_are_chosen_on_three_seeds_that_judge_nothing(task):
    assert len(task.TUNING) >= 3
    assert not set(task.TUNING) & set(task.SEEDS)


def test_the_board_gathers_plain_rivals_and_chapters(point, tmp_path, monkeypatch):
    monkeypatch.setattr(board, "RESULTS", tmp_path)
    assert board.plain("quick") == []
    assert "empty" in board.provenance("quick")
    monkeypatch.setattr(store, "load", lambda slug, *_: {"arena": [point]} if slug[:2] == "11" else None)
    (tmp_path / "arena.quick.json").write_text(json.dumps({"points": [point]}))
    plain, chapter = board.points("quick")
    assert (plain["chapter"], chapter["chapter"]) == ("", "11")
    assert plain["time_one"] == 1 / point["speed_one"]


def test_the_command_writes_points_with_their_origin(point, tmp_path, monkeypatch):
    monkeypatch.setattr("utils.paths.BUILD", tmp_path)
    monkeypatch.setattr("utils.arena.enter.baselines", lambda profile: iter([point]))
    done = CliRunner().invoke(command, ["--profile", "smoke"], catch_exceptions=False)
    assert "int8 after training, width 8" in done.output
    written = json.loads((tmp_path / "arena.smoke.json").read_text())
    assert written["points"] == [point]
    assert written["provenance"]["threads"] == 1
