import pytest

from utils.errors import FrugalError


def test_a_claim_carries_its_metric_its_arms_and_the_explanation_in_words(read, content):
    file = read(content)
    claim = file.claims["order"]
    assert (claim.metric.unit, claim.smallest, claim.compare) == ("points", 2.0, ("ours", "broken"))
    assert claim.dull == "The scale or the values of the first weights made the difference."
    assert file.arms["broken"].destroys == "the order"
    assert file.claims["plain"].source["place"] == "Table 2"
    assert len(file.sha) == 64


def change(content, *path, to):
    """Set one place of a table."""
    *way, last = path
    for step in way:
        content = content[step]
    content[last] = to


@pytest.mark.parametrize(
    "path, to, message",
    [
        (("claims", 0, "mertic"), "x", "no field 'mertic' .did you mean 'metric'"),
        (("claims", 0, "metric"), "eror", "did you mean 'error'"),
        (("claims", 0, "compare"), ["ours"], "names two arms"),
        (("claims", 0, "compare"), ["ours", "ours"], "names two arms"),
        (("claims", 0, "compare"), ["ours", "brokn"], "did you mean 'broken'"),
        (("claims", 0, "scales"), ["smoke"], "must be one of quick, full"),
        (("claims", 0, "scales"), [], "'scales' is empty"),
        (("claims", 0, "tests"), "bad luck", "must be one of start, rate"),
        (("claims", 0, "tests"), "", "'tests'. is empty|'tests' is empty"),
        (("claims", 0, "relation"), "beter", "did you mean 'better'"),
        (("claims", 0, "smallest"), 0, "positive"),
        (("claims", 0, "source"), "own", "ours, or a table"),
        (("claims", 1, "source", "certainty"), "recalled", "must be one of read, secondary"),
        (("claims", 0, "key"), True, "text .YAML reads no, yes"),
        (("claims", 0, "key"), "plain", "two claims have the key 'plain'"),
        (("claims", 0, "unequal"), {"steps": "because"}, "in a sentence"),
        (("claims", 0, "unequal"), {"bytes": "they are not compared"}, "must be one of steps"),
        (("arms", "broken", "destroys"), "", "is empty"),
        (("arms", "ours", "destroys"), "nothing", "no other arm does"),
        (("arms", "ours", "trivial"), True, "only a power arm"),
        (("arms", "ours", "settings"), "oars", "did you mean 'ours'"),
        (
            ("arms", "idle"),
            {"role": "rival", "is": "nobody compares it"},
            "no claim compares the rival 'idle'",
        ),
        (("metrics", "error", "good"), "low", "did you mean 'lower'"),
        (("budget", "equal"), "steps", "must be a list"),
    ],
)
def test_a_mistake_is_told_with_its_place(read, content, path, to, message):
    change(content, *path, to=to)
    with pytest.raises(FrugalError, match=message) as error:
        read(content)
    assert "book/claims/16_maestro.yml" in str(error.value)


@pytest.mark.parametrize("role, name", [("rival", "plain"), ("control", "broken"), ("power", "guess")])
def test_every_part_is_played(read, content, role, name):
    del content["arms"][name]
    content["claims"] = [c for c in content["claims"] if name not in c["compare"]]
    with pytest.raises(FrugalError, match=f"has no {role}"):
        read(content)


def test_a_field_that_is_missing_is_named(read, content):
    del content["claims"][0]["says"]
    with pytest.raises(FrugalError, match="claim 'order': the field 'says' is missing"):
        read(content)


def test_yaml_that_says_a_thing_twice_is_refused(read):
    with pytest.raises(FrugalError, match="line 1: 'arms' stands twice"):
        read(None, "arms: {}\narms: {}\n")


def test_a_file_that_is_not_there_or_no_yaml_is_told(read, tmp_path):
    with pytest.raises(FrugalError, match="is no YAML"):
        read(None, "a: [")


def test_a_claim_of_arithmetic_needs_no_explanation(read, content):
    change(content, "claims", 0, "prediction", to=True)
    del content["claims"][0]["tests"]
    assert read(content).claims["order"].tests == "algebra"


def test_an_arm_that_no_claim_compares_may_be_a_point_of_a_curve(read, content):
    content["arms"]["wide"] = {"role": "rival", "is": "a wider one", "curve": "plain"}
    assert read(content).arms["wide"].curve == "plain"
