"""Arms are recorded under predictable keys, and nothing is judged on an arm that was not measured."""

import pytest
import torch

from utils.errors import FrugalError
from utils.evidence.claim import Claim
from utils.evidence.results import Results
from utils.reporting import judge, key_of, report

CLAIM = Claim("a", "A beats B", "no figure", "abstract", "read", "accuracy", "%", "higher", "better", 1.0)


@pytest.fixture
def results():
    return Results("99_none", "smoke", "cpu")


@pytest.mark.parametrize(
    "words, key",
    [
        (("RigL, ERK",), "rigl-erk"),
        (("loss", "ternary, mean", 64), "loss-ternary-mean-64"),
        (("2:4",), "2-4"),
    ],
)
def test_keys_are_lower_case_words_joined_by_hyphens(words, key):
    assert key_of(*words) == key


def test_every_arm_is_recorded_by_its_mean_and_printed_with_its_range(results, capsys):
    report(results, "accuracy", {"A": torch.tensor([1.0, 2.0, 6.0]), "B, wide": [4, 5]}, "%", "test accuracy")
    figures = results.as_dict()["figures"]
    assert {key: figure["value"] for key, figure in figures.items()} == {
        "accuracy-a": 3.0,
        "accuracy-b-wide": 4.5,
    }
    assert figures["accuracy-a"]["text"] == "test accuracy, A, mean over 3 seeds"
    assert "3 %, seeds 1 to 6" in capsys.readouterr().out


def test_an_arm_without_values_is_refused(results):
    with pytest.raises(FrugalError, match="'A' has no values"):
        report(results, "accuracy", {"A": []}, "%")


def test_a_verdict_pairs_treatment_with_baseline(results, capsys):
    results.declare(CLAIM)
    found = {"A": [5.0, 6.1, 7.0], "B": [1.0, 2.0, 3.0]}
    verdict = judge(results, CLAIM, found, "A", "B", [0, 1, 2])
    assert verdict.word == "supported"
    assert verdict.comparison.effect > 0
    assert "a: supported" in capsys.readouterr().out


def test_an_unknown_arm_is_named(results):
    results.declare(CLAIM)
    with pytest.raises(FrugalError, match="no arm 'C'"):
        judge(results, CLAIM, {"A": [1.0, 2.0]}, "A", "C", [0, 1])
