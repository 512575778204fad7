import pytest

from utils.evidence import scoreboard, store, table
from utils.evidence.results import Results

SLUG = "11_bitnet_reloaded"


@pytest.mark.parametrize(
    "value, text",
    [
        (0, "0"),
        (0.012345, "0.0123"),
        (-0.5, "-0.500"),
        (45.678, "45.7"),
        (999.6, "1,000"),
        (9.9996, "10.0"),
        (12345.6, "12,300"),
        (1.5e-7, "1.50e-07"),
        (2e12, "2.00e+12"),
    ],
)
def test_numbers_keep_three_digits(value, text):
    assert table.number_text(value) == text


@pytest.mark.parametrize(
    "figure, text",
    [
        ({"value": 1199882.0, "unit": "parameters"}, "1,199,882 parameters"),
        ({"value": 0.27634, "unit": ""}, "0.276"),
        ({"values": [0.25, 0.5, 0.75], "unit": "s"}, "0.500 s (0.250 to 0.750 over 3 seeds)"),
    ],
)
def test_figures_read_as_text(figure, text):
    assert table.figure_text(figure) == text


def cells(markdown):
    """The cells of each line of a pipe table."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in markdown.splitlines()]


def test_the_claims_table_shows_both_arms_effect_verdict_and_what_is_missing(measure):
    measure([2, 3, 4.5])
    markdown = table.claims_markdown(scoreboard.rows([SLUG]))
    _, _, line, *rest = markdown.splitlines()
    for part in (
        "parity at twice the hidden size (abstract)",
        "3.17 (ternary) against 2.00 (float)",
        "-1.17 nats",
        "contradicted",
    ):
        assert part in line
    assert "At `full` scale nothing is measured yet." in rest


def test_the_second_scale_of_a_claim_does_not_repeat_it(measure):
    for profile in ("quick", "full"):
        measure([2, 3, 4.5], profile=profile)
    lines = cells(table.claims_markdown(scoreboard.rows([SLUG])))
    assert [line[1] for line in lines[2:4]] == ["quick", "full"]
    assert (lines[3][0], lines[3][-1]) == ("", "")
    assert "nothing is measured" not in table.claims_markdown(scoreboard.rows([SLUG]))


def test_a_chapter_without_results_says_so():
    assert "not yet measured" in table.claims_markdown([])


def test_the_scoreboard_has_a_column_a_scale(measure):
    measure([2, 3, 4.5])
    head, _, line = cells(table.scoreboard_markdown(scoreboard.rows([SLUG])))
    assert head == ["chapter", "claim", "quick", "full", "paper"]
    assert line[0] == "11"
    assert line[2].startswith("contradicted (3 seeds): -1.17 nats")
    assert line[3] == "not yet measured"


def test_second_hand_figures_are_marked(measure):
    measure([2, 3, 4.5], certainty="secondary")
    assert "(abstract, as others report it)" in table.scoreboard_text(scoreboard.rows([SLUG]))


def test_bars_in_a_cell_do_not_break_the_table():
    assert table.markdown_table(["a"], [["x | y"]]).splitlines()[2] == r"| x \| y |"


def test_provenance_names_the_run(measure):
    results = store.read(measure([1, 2, 4]))
    text = table.provenance_text(results)
    assert results["provenance"]["date"][:10] in text
    assert results["provenance"]["torch"] in text


def test_a_reduced_run_is_labelled_wherever_it_is_shown(folder, claim):
    results = Results(SLUG, "full", "cpu", reduced="2 of 9 seeds")
    declared = results.declare(claim())
    results.judge(declared, ("ternary", [1, 2]), ("float", [1, 2.1]), seeds=[0, 1])
    results.save()
    rows = scoreboard.rows([SLUG])
    assert "| full, reduced (2 of 9 seeds) |" in table.claims_markdown(rows)
    assert table.scoreboard_markdown(rows).count(", reduced |") == 1
    assert table.scoreboard_text(rows).endswith(", reduced")
    assert "Profile full, reduced (2 of 9 seeds), " in table.provenance_text(store.load(SLUG, "full"))
