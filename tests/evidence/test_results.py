import json
import math

import numpy as np
import pytest
import torch

from utils.errors import FrugalError
from utils.evidence.results import Results

SEEDS = [0, 1, 2]
BASELINE = ("float", [1.0, 2.0, 3.0])


@pytest.fixture
def results(folder):
    return Results("11_bitnet_reloaded", "quick", "cpu")


def test_a_run_is_written_with_every_value_and_where_it_comes_from(results, claim, folder):
    declared = results.declare(claim())
    verdict = results.judge(declared, ("ternary", torch.tensor([1.0, 2.0, 3.5])), BASELINE, SEEDS)
    results.record("zero-share", np.float32(0.25), "", "share of zero weights")
    results.record("times", np.array([1, 2]), "s", "training time")
    saved = json.loads(results.save().read_text())
    assert (saved["schema"], saved["chapter"], saved["profile"]) == (1, "11_bitnet_reloaded", "quick")
    [entry] = saved["claims"]
    assert entry["treatment"] == {"name": "ternary", "values": [1.0, 2.0, 3.5]}
    assert entry["seeds"] == SEEDS
    assert entry["effect"] == verdict.comparison.effect == pytest.approx(-0.5 / 3)
    assert entry["verdict"] == verdict.word
    assert saved["figures"]["zero-share"]["value"] == 0.25
    assert saved["figures"]["times"]["values"] == [1, 2]
    assert {"device", "cpu", "torch", "commit", "date", "seconds"} <= set(saved["provenance"])
    assert [path.name for path in folder.iterdir()] == ["11_bitnet_reloaded.quick.json"]


def test_claims_keep_the_order_of_declaration_whatever_the_order_of_judging(results, claim):
    first, second = results.declare(claim("first")), results.declare(claim("second"))
    for declared in (second, first):
        results.judge(declared, ("ternary", [1, 2, 4]), BASELINE, SEEDS)
    saved = json.loads(results.save().read_text())
    assert [entry["key"] for entry in saved["claims"]] == ["first", "second"]


def test_a_verdict_prints_word_effect_and_criterion_in_short_lines(results, claim):
    verdict = results.judge(results.declare(claim()), ("ternary", [0.9, 1.9, 2.9]), BASELINE, SEEDS)
    word, effect, criterion = str(verdict).splitlines()
    assert word.startswith("twice-width: supported (every seed gave the same difference")
    assert effect == "  effect 0.1 nats, 95% interval 0.1 to 0.1, 3 seeds"
    assert criterion == "  claimed: as good; 0.02 nats is the least that counts"


def test_no_claim_after_the_first_verdict(results, claim):
    results.judge(results.declare(claim()), ("ternary", [1, 2, 4]), BASELINE, SEEDS)
    with pytest.raises(FrugalError, match="before the experiment"):
        results.declare(claim("afterthought"))


def test_a_key_names_one_claim(results, claim):
    results.declare(claim())
    with pytest.raises(FrugalError, match="declared already"):
        results.declare(claim())


def test_only_declared_claims_are_judged_and_only_once(results, claim):
    declared = results.declare(claim())
    for stranger in (claim("other"), claim(smallest_effect=0.5)):  # another key; the criterion moved later
        with pytest.raises(FrugalError, match="not declared"):
            results.judge(stranger, ("ternary", [1, 2, 4]), BASELINE, SEEDS)
    results.judge(declared, ("ternary", [1, 2, 4]), BASELINE, SEEDS)
    with pytest.raises(FrugalError, match="judged already"):
        results.judge(declared, ("ternary", [0, 0, 1]), BASELINE, SEEDS)


@pytest.mark.parametrize("seeds", [[0, 1], [0, 1, 1], [0, 1, 2, 3]])
def test_each_value_needs_a_seed_of_its_own(results, claim, seeds):
    with pytest.raises(FrugalError, match="one value per seed"):
        results.judge(results.declare(claim()), ("ternary", [1, 2, 4]), BASELINE, seeds)


def test_a_refused_comparison_leaves_the_claim_unjudged(results, claim):
    declared = results.declare(claim())
    with pytest.raises(FrugalError, match="diverged"):
        results.judge(declared, ("ternary", [1, math.nan, 2]), BASELINE, SEEDS)
    with pytest.raises(FrugalError, match="never judged: twice-width"):
        results.save()


@pytest.mark.parametrize("value", [math.nan, math.inf, [], [1.0, math.nan]])
def test_a_figure_must_be_a_number(results, value):
    with pytest.raises(FrugalError, match="not finite"):
        results.record("share", value, "", "share")


def test_a_figure_is_recorded_once(results):
    results.record("share", 0.5, "", "share")
    with pytest.raises(FrugalError, match="recorded already"):
        results.record("share", 0.6, "", "share")


def test_without_a_runner_the_reader_s_workspace_gets_the_file(monkeypatch, tmp_path):
    monkeypatch.delenv("FRUGAL_RESULTS", raising=False)
    monkeypatch.setattr("utils.evidence.results.WORKSPACE", tmp_path)
    path = Results("11_bitnet_reloaded", "smoke", "cpu").save()
    assert path == tmp_path / "results" / "11_bitnet_reloaded.smoke.json"
