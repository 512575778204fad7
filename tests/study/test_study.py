"""Each promise of the study has a test that fails when the promise is broken."""

import json
from functools import partial

import numpy as np
import pytest
import torch

from utils.errors import FrugalError
from utils.evidence import form, tuning
from utils.study import Outcome, one_by_one

ERROR = {"ours": 10.0, "plain": 20.0, "broken": 30.0, "guess": 90.0}
GRID = {"rate": (0.1, 0.2, 0.4)}
ARMS = list(ERROR)


def test_verdicts_come_from_the_judged_seeds_alone(toy, study):
    calls, s = [], study()
    s.run(partial(toy, calls=calls), ARMS, GRID)
    asked = {tuple(seeds) for _, settings, seeds in calls if len(settings) == 1}
    assert asked == {(1000, 1001, 1002, 1003, 1004)}
    assert {tuple(seeds) for _, settings, seeds in calls if len(settings) == 3} == {(2000, 2001, 2002)}
    verdicts = s.judge()
    assert verdicts["order"].word == verdicts["plain"].word == "supported"
    assert verdicts["order"].seeds == (1000, 1001, 1002, 1003, 1004)


def test_every_arm_is_judged_with_the_setting_that_its_tuning_seeds_chose(toy, study):
    found = study().run(toy, ARMS, GRID)
    assert found["ours"].setting == {"rate": 0.2}
    assert found["ours"].tuned.shape == (3, 3)
    assert found["guess"].setting == {}


def test_a_seed_never_chooses_and_judges(toy, study, monkeypatch):
    monkeypatch.setattr(tuning, "TUNING_FROM", 1004)  # as if somebody gave the tuning other seeds
    monkeypatch.setattr(tuning, "seeds", lambda count, first, *moved: list(range(first, first + count)))
    with pytest.raises(FrugalError, match="seed 1004 is tuned on and judged"):
        study().run(toy, ARMS, GRID)


def test_seeds_that_would_meet_the_tuning_seeds_are_refused():
    with pytest.raises(FrugalError, match="do not fit"):
        tuning.seeds(1001, tuning.JUDGED_FROM)
    assert not set(tuning.seeds(1000, tuning.JUDGED_FROM, user=3)) & set(
        tuning.seeds(99, tuning.TUNING_FROM, user=3)
    )


def test_a_claim_changed_after_a_run_is_judged_on_fresh_seeds(study, content):
    content["changed"] = ["the smallest effect was 1 point"]
    s = study()
    assert (s.judged_seeds()[0], s.tuning_seeds()[0]) == (1100, 2100)


def test_unequal_grids_are_refused_unless_the_claims_file_says_why(toy, study, content):
    few = {"ours": {"rate": (0.1, 0.2)}}
    with pytest.raises(FrugalError, match="settings tried are ours 2, plain 3"):
        study().run(toy, ARMS, GRID, grids=few)
    content["claims"][0]["unequal"] = {"settings": "two rates were enough for ours"}
    study().run(toy, ARMS, GRID, grids=few)


def test_equally_many_but_other_values_are_refused(toy, study):
    with pytest.raises(FrugalError, match="different values of 'rate'"):
        study().run(toy, ARMS, GRID, grids={"ours": {"rate": (0.1, 0.2, 0.3)}})


def test_a_setting_on_the_edge_of_its_grid_is_flagged(toy, study):
    s = study()
    found = s.run(toy, ARMS, {"rate": (0.2, 0.4)})
    assert found["ours"].edges == ["rate"]
    s.judge()
    assert any("ours chose rate = 0.2, the edge of its grid" in flag for flag in s.as_dict()["flags"])


def test_unequal_budgets_are_flagged_unless_the_claims_file_says_why(toy, study, content):
    unequal = partial(toy, spent={"plain": {"steps": 40}, "guess": {"steps": 0}})
    s = study()
    s.run(unequal, ARMS, GRID)
    assert any("plain: plain has 40 steps, ours 20" in flag for flag in s.as_dict()["flags"])
    content["claims"][1]["unequal"] = {"steps": "the plain one gets twice as many, which helps it"}
    s = study()
    s.run(unequal, ARMS, GRID)
    assert s.as_dict()["flags"] == []


def test_a_claim_may_ask_for_other_equal_quantities(toy, study, content):
    content["claims"][1]["equal"] = ["bytes"]
    s = study()
    spent = {"ours": {"steps": 20, "bytes": 100}, "plain": {"steps": 40, "bytes": 120}}
    s.run(partial(toy, spent=spent), ARMS, GRID)
    assert s.as_dict()["flags"] == ["plain: plain has 120 bytes, ours 100; no reason is given."]


def test_a_budget_that_is_not_given_is_flagged(toy, study):
    s = study()
    s.run(partial(toy, spent={"plain": {"bytes": 1}}), ARMS, GRID)
    assert any("steps of plain not given" in flag for flag in s.as_dict()["flags"])


def test_without_power_there_is_no_verdict(toy, study):
    s = study()
    s.run(partial(toy, means={**ERROR, "ours": 89.5, "broken": 90.5, "plain": 90.0}), ARMS, GRID)
    verdict = s.judge()["order"]
    assert verdict.word == "the task cannot tell"
    assert "no arm is better than guessing" in verdict.reason


def test_an_oracle_that_is_no_better_refuses_too(toy, study, content):
    content["arms"]["guess"] |= {"trivial": False, "is": "an oracle"}
    s = study()
    s.run(partial(toy, means={**ERROR, "ours": 10.5, "broken": 10.0, "guess": 10.2}), ARMS, GRID)
    verdict = s.judge()["order"]
    assert (verdict.word, verdict.reason) == (
        "the task cannot tell",
        "an oracle differs from neither arm by the smallest effect",
    )


def test_a_power_arm_that_was_not_run_refuses_too(toy, study):
    s = study()
    s.run(toy, ["ours", "plain", "broken"], GRID)
    assert s.judge()["order"].word == "the task cannot tell"


def test_an_arm_at_chance_level_is_flagged_as_broken(toy, study):
    s = study()
    s.run(partial(toy, means={**ERROR, "plain": 90.5}), ARMS, GRID)
    assert any("plain is no better than guessing" in flag for flag in s.as_dict()["flags"])


def test_a_loss_that_explodes_at_step_0_is_flagged(toy, study):
    s = study()
    s.run(partial(toy, first={"broken": 1e4}), ARMS, GRID)
    assert any("broken starts at a loss of 1e+04" in flag for flag in s.as_dict()["flags"])


def test_what_a_scale_does_not_test_has_no_verdict_there(toy, study):
    s = study("full")
    s.run(toy, ARMS, GRID)
    verdicts = s.judge()
    assert verdicts["plain"].word == "not measured at this scale"
    assert verdicts["order"].word == "supported"
    entries = {claim["key"]: claim for claim in s.as_dict()["claims"]}
    assert entries["order"]["cut"] == "images 4,000 of 16,000"
    assert "interval" not in entries["plain"]


def test_full_with_the_sizes_of_quick_measures_nothing_new(toy, study, all_sizes):
    all_sizes["cpu"] = {"steps": 20, "images": 100}
    s = study("full", sizes=all_sizes)
    s.run(toy, ARMS, GRID)
    verdict = s.judge()["order"]
    assert (verdict.word, verdict.reason) == ("not measured at this scale", "these are the sizes of quick")


def test_smoke_runs_everything(toy, study):
    s = study("smoke")
    assert s.measures()
    s.run(toy, ARMS, GRID)
    assert all(verdict.comparison for verdict in s.judge().values())


def test_a_claim_whose_arm_was_not_run_cannot_be_dropped(toy, study):
    s = study()
    s.run(toy, ["ours", "broken", "guess"], GRID)
    with pytest.raises(FrugalError, match="claim 'plain' is tested at quick"):
        s.judge()
    with pytest.raises(FrugalError, match="never judged: order, plain"):
        s.save()


def test_a_prediction_of_a_formula_is_checked_but_is_no_evidence(toy, study, content):
    content["claims"][0]["prediction"] = True
    s = study()
    s.run(toy, ARMS, GRID)
    verdict = s.judge()["order"]
    assert verdict.word == "prediction holds"
    assert "no evidence" in verdict.comparison.note


@pytest.mark.parametrize("kind", ["timed", "prediction"])
def test_seconds_have_rounds_and_predictions_may_have_one_value(toy, study, content, kind):
    content["metrics"]["seconds"] = {"unit": "s", "good": "lower", "smallest": 1.0}
    content["claims"][1] |= {kind: True, "metric": "seconds"}
    s = study()
    s.run(toy, ARMS, GRID)
    rounds = {"timed": ([1.0, 1.1, 1.2], [5.0, 5.1, 5.3]), "prediction": ([1.0], [5.0])}[kind]
    for arm, seconds in zip(("ours", "plain"), rounds, strict=True):
        s.add(arm, {"seconds": seconds})
    verdict = s.judge()["plain"]
    assert verdict.word == {"timed": "supported", "prediction": "prediction holds"}[kind]
    assert verdict.seeds == tuple(range(len(rounds[0])))
    assert list(form.problems(json.loads(json.dumps(s.as_dict())))) == []


def test_a_value_that_is_missing_for_one_seed_is_told(toy, study, content):
    content["arms"]["plain"]["settings"] = "ours"
    s = study()
    s.run(toy, ["ours", "broken", "guess"], GRID)
    s.add("plain", {"error": [20.0, 21.0]})
    with pytest.raises(FrugalError, match="needs one value of 'error' per judged seed"):
        s.judge()


@pytest.mark.parametrize(
    "profile, change, message",
    [
        ("quick", {"seeds": 3}, "quick judges 3 seeds; 5 are the fewest"),
        ("quick", {"tuning": 2}, "quick tunes on 2 seeds; 3 are the fewest"),
        ("cpu", {"seeds": 4}, "cpu judges 4 seeds"),
        ("smoke", {"seeds": "two"}, "smoke needs 'seeds', a number of seeds"),
    ],
)
def test_too_few_seeds_to_judge_or_to_tune_are_refused(study, all_sizes, profile, change, message):
    all_sizes[profile] |= change
    with pytest.raises(FrugalError, match=message):
        study(sizes=all_sizes)


def test_profiles_with_other_fields_are_refused(study, all_sizes):
    with pytest.raises(FrugalError, match="cpu has the field 'imags', which full has not"):
        study(sizes={**all_sizes, "cpu": {"imags": 1}})
    all_sizes["quick"]["extra"] = 1
    with pytest.raises(FrugalError, match="quick alone has the field 'extra'"):
        study(sizes=all_sizes)


def test_a_wide_interval_is_foretold_from_the_tuning_seeds(study, capsys):
    def noisy(arm, settings, seeds):
        noise = [[40 * np.random.default_rng([seed, len(arm)]).normal() for _ in settings] for seed in seeds]
        return Outcome({"error": noise}, {"steps": 20})

    study().run(noisy, ARMS, GRID)
    assert "no: judge more than 5 seeds" in capsys.readouterr().out


def test_a_narrow_interval_is_foretold_too(toy, study, capsys):
    study().run(toy, ARMS, GRID)
    said = capsys.readouterr().out
    assert "smallest that counts" in said
    assert "2 points" in said
    assert "no: judge more" not in said


def test_an_experiment_without_training_or_batches_fits(study):
    s = study()
    search = one_by_one(lambda arm, setting, seed: ERROR[arm] + setting.get("rate", 0) + seed % 3)
    found = s.run(search, ARMS, GRID)
    assert found["ours"].setting == {"rate": 0.1}
    assert found["ours"].metrics["error"] == pytest.approx([11.1, 12.1, 10.1, 11.1, 12.1])
    s.judge()
    s.save()


def test_one_by_one_takes_metrics_and_outcomes(study):
    s = study()
    s.run(one_by_one(lambda a, c, seed: {"error": ERROR[a] + seed % 2}), ARMS, GRID)
    s.run(one_by_one(lambda a, c, seed: Outcome({"error": ERROR[a]}, {"steps": 3}, kept=seed)), ARMS, GRID)
    assert s.as_dict()["arms"]["ours"]["spent"] == {"steps": 3.0}


def test_values_of_the_wrong_shape_are_told_with_what_is_needed(study):
    with pytest.raises(
        FrugalError, match=r"'error' has the shape \(3,\); 3 seeds times 3 settings need \(3, 3\)"
    ):
        study().run(lambda arm, settings, seeds: torch.zeros(3), ARMS, GRID)


@pytest.fixture
def diverging(toy):
    """A trial whose best setting diverges."""

    def diverging(arm, settings, seeds):
        outcome = toy(arm, settings, seeds)
        outcome.metrics["error"][:, [s.get("rate") == 0.2 for s in settings]] = np.nan
        return outcome

    return diverging


def test_a_diverged_setting_is_never_chosen(diverging, toy, study):
    found = study().run(toy, ARMS, GRID, tune=diverging)
    assert found["ours"].setting["rate"] != 0.2


def test_a_diverged_arm_is_not_judged(diverging, toy, study):
    s = study()
    s.run(lambda arm, settings, seeds: diverging(arm, [{"rate": 0.2}], seeds), ARMS, GRID, tune=toy)
    with pytest.raises(FrugalError, match="NaN or infinity"):
        s.judge()


def test_a_grid_where_every_setting_diverges_is_told(diverging, study):
    with pytest.raises(FrugalError, match="every setting of the grid diverged"):
        study().run(diverging, ARMS, {"rate": (0.2,)})


def test_an_arm_derived_from_a_trained_one_takes_its_setting(toy, study, content):
    content["arms"]["plain"]["settings"] = "ours"
    s = study()
    s.run(toy, ["ours", "broken", "guess"], GRID)
    s.add("plain", {"error": [20.0, 21.0, 20.5, 20.2, 20.1]}, {"steps": 20})
    assert s.values("error")["plain"][0] == 20.0
    assert s.judge()["plain"].word == "supported"
    assert s.as_dict()["arms"]["plain"]["setting"] == {"rate": 0.2}


def test_a_tuned_arm_cannot_be_added_by_hand(study):
    with pytest.raises(FrugalError, match="arm 'plain' is tuned"):
        study().add("plain", {"error": [1.0] * 5})


def test_the_file_holds_what_was_found_and_lists_of_numbers_take_one_line(toy, study):
    s = study()
    s.run(toy, ARMS, GRID)
    s.judge()
    s.metric("zero share", torch.tensor(0.25), "", "share of zeros")
    s.enter({"technique": "ours", "bytes": 1})
    text = s.save().read_text()
    kept = json.loads(text)
    assert kept["metrics"]["zero-share"] == {"value": 0.25, "unit": "", "text": "share of zeros"}
    assert kept["claims_sha256"] == s.file.sha
    assert kept["arms"]["ours"]["grid"] == {"rate": [0.1, 0.2, 0.4]}
    assert '"seeds": [1000, 1001, 1002, 1003, 1004],' in text
    assert kept["claims"][0]["values"]["ours"] == kept["arms"]["ours"]["metrics"]["error"]["values"]


def test_one_thread_computes(study):
    torch.set_num_threads(2)
    study()
    assert torch.get_num_threads() == 1


def test_what_happens_before_the_sizes_are_known_is_told(toy, study, content):
    with pytest.raises(FrugalError, match="no claim has the task 'text'"):
        study(task="text")
    with pytest.raises(FrugalError, match="has no sizes yet"):
        study().run(toy, ARMS, GRID, task="text")
