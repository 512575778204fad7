"""What a chapter's page is made of: words from the claims file, numbers from a run's results."""

import json
from functools import partial

import pytest

from utils.errors import FrugalError
from utils.evidence import form, metrics, page_tables, table


def as_read(made):
    return json.loads(json.dumps(made.as_dict()))


def test_what_a_study_saves_has_the_form_that_readers_ask_for(ran):
    assert list(form.problems(as_read(ran()))) == []


@pytest.mark.parametrize(
    "damage, said",
    [
        (lambda r: r["claims"][0].update(verdict="undecided"), "does not follow from its interval"),
        (lambda r: r["claims"][0].update(verdict="perhaps"), "unknown verdict 'perhaps'"),
        (lambda r: r["claims"][0]["values"]["ours"].pop(), "one value per seed"),
        (lambda r: r["claims"][0].pop("tests"), "no usable field 'tests'"),
        (lambda r: r["arms"]["ours"].pop("setting"), "no usable field 'setting'"),
        (
            lambda r: r["arms"]["ours"]["metrics"]["error"]["values"].append(None),
            "no number in error of ours",
        ),
        (lambda r: r["metrics"].update(x={"unit": "", "text": "y"}), "metric without a value"),
        (lambda r: r.pop("claims_sha256"), "claims_sha256"),
    ],
)
def test_damaged_results_are_told(ran, damage, said):
    results = as_read(ran())
    damage(results)
    assert said in "; ".join(form.problems(results))


def test_cuts_and_totals_stand_below_the_claims(ran, rows, toy):
    other = partial(toy, means={"ours": 11.0, "plain": 20.0, "broken": 32.0, "guess": 90.0})
    said = table.totals_markdown(rows(quick=ran(), full=ran("full", other))).splitlines()
    assert "Cut from `full`: images 4,000 of 16,000." in said
    assert "At `quick`, the paper's claims: 1 supported." in said
    assert "At `quick`, our questions: 1 supported." in said


def test_a_prediction_is_not_counted_as_evidence(ran, rows, content):
    content["claims"][0]["prediction"] = True
    assert "our questions" not in table.totals_markdown(rows(quick=ran()))


def test_the_table_of_dull_explanations_names_arm_and_outcome(ran, rows):
    made = ran(rates=(0.2, 0.4))
    made.file.claims["order"].__dict__["because"] = "So the order matters."
    markdown = page_tables.fooled_markdown(made.file, rows(quick=made), as_read(made))
    _, _, order, plain, rate, broken = markdown.splitlines()
    assert "first weights made the difference. *(start)*" in order
    assert "the method, against the method without its order (control; destroys: the order)" in order
    assert "`quick`: **supported**, +20" in order
    assert order.endswith("So the order matters. |")
    assert "(rival)" in plain
    assert "0 of 3 choices lie inside their grids; on the edge: ours (rate)" in rate
    assert "every arm is better" in broken


def test_an_arm_at_chance_stands_in_the_table(ran, rows, toy):
    made = ran(trial=partial(toy, means={"ours": 10.0, "plain": 90.5, "broken": 30.0, "guess": 90.0}))
    markdown = page_tables.fooled_markdown(made.file, rows(quick=made), as_read(made))
    assert "plain is no better than guessing in error" in markdown.splitlines()[-1]


def test_the_settings_table_is_enough_to_rebuild_the_experiment(ran):
    markdown = page_tables.settings_markdown(as_read(ran(rates=(0.2, 0.4))))
    assert (
        "steps 20; images 100; judged on seeds 1000 to 1004; settings chosen on seeds 2000 to 2002."
        in markdown
    )
    assert "| ours | the method | rate 0.2 (edge) | rate 0.2, 0.4 | 20 | 100 |" in markdown
    assert "- ours chose rate = 0.2, the edge of its grid: widen it." in markdown


def test_values_of_arms_are_cited_by_metric_and_arm(ran):
    results = as_read(ran())
    found = metrics.find(results, "error-ours")
    assert (found["unit"], len(found["values"]), found["text"]) == ("points", 5, "error, the method")
    with pytest.raises(FrugalError, match="no metric 'error-oars'; they have: error-broken"):
        metrics.find(results, "error-oars")
    assert metrics.find_claim(results, "order")["verdict"] == "supported"
    with pytest.raises(FrugalError, match="no claim 'ordr'"):
        metrics.find_claim(results, "ordr")


def test_an_experiment_that_did_not_run_at_this_profile_has_no_settings(ran):
    results = as_read(ran(rates=(0.2, 0.4)))
    results["sizes"]["text"] = {"steps": 7}
    assert "Text" not in page_tables.settings_markdown(results)
