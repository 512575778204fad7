import pytest

from utils.evidence import scoreboard, store, table

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
    "metric, text",
    [
        ({"value": 1199882.0, "unit": "parameters"}, "1,199,882 parameters"),
        ({"value": 0.27634, "unit": ""}, "0.276"),
        ({"values": [0.25, 0.5, 0.75], "unit": "s"}, "0.500 s (0.250 to 0.750 over 3 seeds)"),
    ],
)
def test_metrics_read_as_text(metric, text):
    assert table.metric_text(metric) == text


def test_under_the_claims_stand_totals_and_what_is_missing(measure):
    measure([2, 3, 4.5])
    said = table.totals_markdown(scoreboard.rows([SLUG])).splitlines()
    assert "At `full` scale nothing is measured." in said
    assert "At `quick`, the paper's claims: 1 contradicted." in said


def test_full_counts_nothing_that_only_repeats_quick(measure):
    for profile in ("quick", "full"):
        measure([2, 3, 4.5], profile=profile)
    assert "At `full` scale nothing is measured." in table.totals_markdown(scoreboard.rows([SLUG]))


def test_a_chapter_without_results_says_so():
    assert "not yet measured" in table.totals_markdown([])


def test_under_the_scoreboard_stands_how_many_intervals_miss(measure):
    measure([2, 3, 4.5])
    markdown = table.board_markdown(scoreboard.rows([SLUG]))
    assert "Of 1 intervals at 95%, about 0.0500 are expected to miss" in markdown


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


def test_what_was_cut_is_told_wherever_the_run_is_shown(measure):
    measure([1, 2.1, 3.2], profile="full", cut="2 of 9 seeds")
    rows = scoreboard.rows([SLUG])
    assert table.totals_markdown(rows).count("Cut from `full`: 2 of 9 seeds.") == 1
    assert table.scoreboard_text(rows).endswith(", cut")
