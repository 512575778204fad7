"""What is prepared is sealed, checked, and made for what the notebook asks."""

import json
from functools import partial

import numpy as np
import pytest
import torch

from utils.errors import FrugalError
from utils.evidence import prepared
from utils.study import Outcome, one_by_one

ARMS = ["ours", "plain", "broken", "guess"]
GRID = {"rate": (0.1, 0.2, 0.4)}


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    """Preparations go into a folder of the test."""
    monkeypatch.setenv(prepared.FOLDER, str(tmp_path / "prepared"))


@pytest.fixture
def prepare(study, toy, monkeypatch):
    """Run the toy experiment as `frugal prepare` does."""

    def prepare(trial=toy):
        with monkeypatch.context() as patch:
            patch.setenv(prepared.WRITING, json.dumps({"fingerprint": "0", "provenance": {}}))
            study().run(trial, ARMS, GRID, prepared="panel")

    return prepare


def test_a_prepared_experiment_gives_the_verdicts_of_a_live_one(study, toy, prepare, capsys):
    prepare()
    live, stored = study(), study()
    live.run(toy, ARMS, GRID)
    calls = []
    found = stored.run(partial(toy, calls=calls), ARMS, GRID, prepared="panel")
    assert [(arm, seeds) for arm, _, seeds in calls] == [("ours", [1000]), ("plain", [1000])]
    assert found["ours"].setting == {"rate": 0.2}
    assert "ours, error, seed 1000: prepared 9.52" in capsys.readouterr().out
    assert {k: v.comparison for k, v in live.judge().items()} == {
        k: v.comparison for k, v in stored.judge().items()
    }
    mine, theirs = (s.as_dict()["arms"]["broken"] for s in (live, stored))
    assert mine == theirs


def test_two_preparations_of_one_task_check_each_their_own_arms(study, toy, monkeypatch):
    parts = {"first": ["ours", "plain"], "second": ["broken", "guess"]}
    with monkeypatch.context() as patch:
        patch.setenv(prepared.WRITING, json.dumps({"fingerprint": "0", "provenance": {}}))
        made = study()
        for name, arms in parts.items():
            made.run(toy, arms, GRID, prepared=name)
    asked, s = {name: [] for name in parts}, study()
    for name, arms in parts.items():
        s.run(partial(toy, calls=asked[name]), arms, GRID, prepared=name)
        assert {arm for arm, _, _ in asked[name]} <= set(arms)
    s.judge()


def test_the_seed_of_the_notebook_says_which_one_is_computed_anew(study, toy, prepare, capsys):
    prepare()
    study(seed=2).run(toy, ARMS, GRID, prepared="panel")
    assert "seed 1002" in capsys.readouterr().out


def test_judged_values_are_sealed_until_the_study_judges(study, toy, prepare):
    prepare()
    s = study()
    found = s.run(toy, ARMS, GRID, prepared="panel")
    assert found["ours"].metrics == {}
    with pytest.raises(FrugalError, match="sealed until they judge"):
        s.values("error")
    s.judge()
    assert len(s.values("error")["ours"]) == 5


def test_a_value_that_the_machine_does_not_repeat_is_told(study, toy, prepare, capsys):
    prepare()
    study().run(partial(toy, means={"ours": 30.0, "plain": 20.0}), ARMS, GRID, prepared="panel")
    said = [line for line in capsys.readouterr().out.splitlines() if "computed now" in line]
    assert "stored seeds differ by" in said[0]
    assert said[1].endswith(".")


def test_in_the_weekly_job_such_a_value_is_a_failure(study, toy, prepare, monkeypatch):
    prepare()
    monkeypatch.setenv(prepared.STRICT, "1")
    study().run(toy, ARMS, GRID, prepared="panel")
    with pytest.raises(FrugalError, match="the preparation is not repeated"):
        study().run(partial(toy, means={"ours": 30.0, "plain": 20.0}), ARMS, GRID, prepared="panel")


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda sizes: sizes["quick"].update(steps=30), "another sizes"),
        (lambda sizes: sizes["quick"].update(seeds=6), "another sizes"),
    ],
)
def test_a_preparation_for_other_sizes_is_refused(study, toy, prepare, all_sizes, change, said):
    prepare()
    change(all_sizes)
    with pytest.raises(FrugalError, match=said):
        study(sizes=all_sizes).run(toy, ARMS, GRID, prepared="panel")


def test_a_preparation_for_another_grid_or_other_seeds_is_refused(study, toy, prepare, content):
    prepare()
    with pytest.raises(FrugalError, match="another grids than the notebook asks for: `frugal prepare 16`"):
        study().run(toy, ARMS, {"rate": (0.1, 0.2)}, prepared="panel")
    content["changed"] = ["the smallest effect was too small"]
    with pytest.raises(FrugalError, match="another seeds"):
        study().run(toy, ARMS, GRID, prepared="panel")


def test_a_missing_or_damaged_preparation_is_told(study, toy, prepare):
    with pytest.raises(FrugalError, match="is not there: `frugal prepare 16` makes it"):
        study().run(toy, ARMS, GRID, prepared="panel")
    prepare()
    prepared.path_of("16_maestro", "panel").write_text("{")
    with pytest.raises(FrugalError, match="is damaged"):
        study().run(toy, ARMS, GRID, prepared="panel")


def test_smoke_runs_the_experiment_itself(study, toy):
    s = study("smoke")
    s.run(toy, ARMS, GRID, prepared="panel")
    assert len(s.values("error")["ours"]) == 2


def test_a_setting_that_diverged_is_stored_too(study, toy, prepare):
    def wild(arm, settings, seeds):
        outcome = toy(arm, settings, seeds)
        outcome.metrics["error"][:, [s.get("rate") == 0.4 for s in settings]] = np.inf
        return outcome

    prepare(wild)
    assert study().run(toy, ARMS, GRID, prepared="panel")["ours"].setting == {"rate": 0.2}


def test_weights_lie_beside_without_pickle_and_come_back_when_judged(study, toy, prepare):
    def keeping(arm, settings, seeds):
        outcome = toy(arm, settings, seeds)
        return Outcome(outcome.metrics, outcome.spent, kept={"W": torch.full((2,), float(len(arm)))})

    prepare(keeping)
    s = study()
    found = s.run(toy, ARMS, GRID, prepared="panel")
    assert found["plain"].kept is None
    s.judge()
    assert torch.equal(found["plain"].kept["W"], torch.full((2,), 5.0))


def test_a_preparation_too_large_for_git_is_refused(monkeypatch, prepare):
    monkeypatch.setattr(prepared, "LARGEST", 100)
    with pytest.raises(FrugalError, match="100 are the most"):
        prepare()


class TestTable:
    """Values of trained things, for arms that search among them."""

    CELLS = ("conv", "pool", "skip")

    @staticmethod
    def build(key, seeds):
        return [len(key) + seed % 5 / 10 for seed in seeds]

    def search(self, table):
        """The trial of a search that takes the best of what it looks at."""

        def measure(arm, setting, seed):
            looked = table.keys[: setting.get("looks", 1)]
            return 100 - max(table.value(key, seed) for key in looked) + {"plain": 5, "broken": 9}.get(arm, 0)

        return one_by_one(measure)

    def prepare(self, study, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setenv(prepared.WRITING, json.dumps({"fingerprint": "0", "provenance": {}}))
            study().table("cells", self.build, self.CELLS)

    def test_it_is_searched_without_building_anything_again(self, study, monkeypatch, capsys):
        self.prepare(study, monkeypatch)
        built = []
        s = study()
        table = s.table("cells", lambda key, seeds: built.append(key) or self.build(key, seeds), self.CELLS)
        assert built == ["conv"]
        assert "cells, conv, seed 1000: prepared 4, computed now 4." in capsys.readouterr().out
        found = s.run(self.search(table), ["ours", "plain", "broken"], {"looks": (1, 3)})
        assert built == ["conv"]
        assert len(found["ours"].metrics["error"]) == 5

    def test_a_judged_value_cannot_be_looked_at_while_choosing(self, study, monkeypatch):
        self.prepare(study, monkeypatch)
        table = study().table("cells", self.build, self.CELLS)
        assert table.column(2000) == {"conv": 4.0, "pool": 4.0, "skip": 4.0}
        with pytest.raises(FrugalError, match="seed 1000 judges; choose on the tuning seeds"):
            table.value("conv", 1000)
        with pytest.raises(FrugalError, match="the experiment has no seed 7"):
            table.value("conv", 7)

    def test_at_smoke_things_are_built_when_asked_for(self, study):
        s = study("smoke")
        table = s.table("cells", self.build, self.CELLS)
        s.run(self.search(table), ["ours", "plain", "broken"], {"looks": (1, 3)})

    def test_other_keys_are_refused(self, study, monkeypatch):
        self.prepare(study, monkeypatch)
        with pytest.raises(FrugalError, match="another keys"):
            study().table("cells", self.build, ("conv",))

    def test_many_searches_share_few_trained_things(self, study, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setenv(prepared.WRITING, json.dumps({"fingerprint": "0", "provenance": {}}))
            study().table("cells", self.build, self.CELLS, seeds=2, tuning=1)
        stored = json.loads(prepared.path_of("16_maestro", "cells").read_text())
        assert [len(stored[part]["conv"]) for part in ("tune", "judge")] == [1, 2]
        s = study()
        table = s.table("cells", self.build, self.CELLS, seeds=2, tuning=1)
        assert table.value("conv", 2000) == table.value("conv", 2002)
        found = s.run(self.search(table), ["ours", "plain", "broken"], {"looks": (1, 3)})
        first, second, *rest = found["ours"].metrics["error"]
        assert rest == [first, second, first]
        assert first != second
