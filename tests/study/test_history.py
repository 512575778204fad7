"""What a record refuses, and what it writes down."""

import copy
import json

import pytest

from utils.errors import FrugalError
from utils.evidence import history


@pytest.fixture
def results():
    """Two verdicts of a clean checkout."""
    claim = {
        "metric": "error",
        "unit": "",
        "good": "lower",
        "relation": "better",
        "smallest": 1.0,
        "task": "",
    }
    claims = [
        {**claim, "key": key, "compare": ["ours", "plain"], "verdict": word}
        for key, word in (("order", "supported"), ("plain", "undecided"))
    ]
    provenance = {"date": "2026-11-27T18:00:00Z", "commit": "abc", "dirty": False}
    about = {"chapter": "16_maestro", "profile": "quick", "provenance": provenance}
    return {**about, "claims_sha256": "0", "changed": [], "claims": claims}


def test_a_changed_checkout_cannot_be_recorded(results):
    results["provenance"]["dirty"] = True
    with pytest.raises(FrugalError, match="changed checkout: commit"):
        history.check(None, results)


@pytest.mark.parametrize(
    "change, kind",
    [
        (lambda claims: claims[0].update(smallest=0.5), "'order' of 16_maestro is changed"),
        (lambda claims: claims[0].update(compare=["ours", "other"]), "'order' of 16_maestro is changed"),
        (lambda claims: claims.pop(), "'plain' of 16_maestro is gone"),
        (lambda claims: claims.append({**claims[0], "key": "third"}), "'third' of 16_maestro is new"),
    ],
)
def test_a_claim_changed_after_the_run_is_refused_until_it_is_told(results, change, kind):
    new = copy.deepcopy(results)
    change(new["claims"])
    with pytest.raises(FrugalError, match=kind):
        history.check(results, new)
    new["changed"] = ["the smallest effect was too large"]
    history.check(results, new)


def test_words_of_a_claim_may_be_mended(results):
    new = copy.deepcopy(results)
    new["claims"][0]["says"] = "better words"
    history.check(results, {**new, "claims_sha256": "1"})


def test_the_first_record_writes_every_word(results, tmp_path):
    history.append(tmp_path, history.lines(None, results))
    history.append(tmp_path, [])
    first, second = map(json.loads, (tmp_path / "history.jsonl").read_text().splitlines())
    assert (first["claim"], first["word"], first["reason"]) == ("order", "supported", "first record")
    assert (second["commit"], second["date"][:4], second["profile"]) == ("abc", "2026", "quick")


def test_a_word_that_turns_needs_a_reason(results):
    new = copy.deepcopy(results)
    new["claims"][0]["verdict"] = "undecided"
    with pytest.raises(FrugalError, match="'order' turns from supported to undecided: say why"):
        history.lines(results, new)
    (line,) = history.lines(results, new, "a bug in the sampler was mended")
    assert (line["before"], line["word"], line["reason"]) == (
        "supported",
        "undecided",
        "a bug in the sampler was mended",
    )
    new["changed"] = ["the smallest effect is 2"]
    assert history.lines(results, new)[0]["reason"] == "the smallest effect is 2"


def test_what_did_not_turn_or_was_not_measured_leaves_no_line(results):
    assert history.lines(results, results) == []
    results["claims"][0]["verdict"] = "not measured at this scale"
    assert len(history.lines(None, results)) == 1
