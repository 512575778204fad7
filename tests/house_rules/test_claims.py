"""The claims file and the recorded results must speak of the same claims."""

import pytest
import yaml

from utils.house_rules.claims import problems
from utils.paths import ROOT
from utils.scaffold.chapter import draft

SLUG = "02_inception_resnet"


@pytest.fixture
def root(tmp_path):
    """A project with one drafted chapter."""
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "map.yml").write_bytes((ROOT / "book" / "map.yml").read_bytes())
    draft(SLUG, "Inception", tmp_path)
    return tmp_path


@pytest.fixture
def results():
    """Results that answer the drafted claims."""
    same = {"metric": "error", "unit": "standard deviations", "good": "lower", "relation": "better"}
    pairs = {"nearest-beats-down": ["nearest", "down"], "codes-matter": ["nearest", "shuffled"]}
    claims = [{**same, "key": k, "compare": p, "smallest": 0.01, "task": ""} for k, p in pairs.items()]
    return {"quick": {"claims": claims}}


def test_results_that_answer_the_claims_are_fine(root, results):
    assert list(problems(SLUG, results, root)) == []
    assert list(problems(SLUG, {}, root)) == []


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda claims: claims.pop(), "the claim 'codes-matter' is not in the results"),
        (lambda claims: claims.append({**claims[0], "key": "other"}), "'other' is in the results alone"),
        (lambda claims: claims[0].update(smallest=0.02), "judges 'nearest-beats-down' otherwise"),
        (
            lambda claims: claims[0].update(compare=["nearest", "zero"]),
            "judges 'nearest-beats-down' otherwise",
        ),
        (lambda claims: claims[0].update(unit="nats"), "judges 'nearest-beats-down' otherwise"),
    ],
)
def test_a_claim_that_was_changed_after_the_record_is_named(root, results, change, said):
    change(results["quick"]["claims"])
    assert any(said in problem for problem in problems(SLUG, results, root))


@pytest.mark.parametrize("role", ["rival", "control"])
def test_a_chapter_without_rival_or_control_fails_with_a_sentence(root, role):
    path = root / "book" / "claims" / f"{SLUG}.yml"
    content = yaml.safe_load(path.read_text())
    gone = next(name for name, arm in content["arms"].items() if arm["role"] == role)
    del content["arms"][gone]
    content["claims"] = [claim for claim in content["claims"] if gone not in claim["compare"]]
    path.write_text(yaml.safe_dump(content))
    (said,) = problems(SLUG, {}, root)
    assert f"has no {role}" in said
