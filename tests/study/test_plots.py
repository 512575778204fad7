"""Plots of measured values: what is drawn, and what is said of it."""

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from scipy import stats

from utils import figures
from utils.errors import FrugalError
from utils.evidence import plots

ARMS = ["ours", "plain", "broken", "guess"]
GRID = {"rate": (0.1, 0.2, 0.4)}


@pytest.fixture
def shown(monkeypatch):
    """What was shown: figure, alternative text, caption."""
    kept = []
    monkeypatch.setattr(figures, "show", lambda *what: kept.append(what))
    return kept


@pytest.fixture
def ran(study, toy):
    """The toy chapter after its run."""
    made = study()
    made.run(toy, ARMS, GRID)
    return made


def test_an_interval_is_students():
    values = [1.0, 2.0, 4.0, 3.0, 2.5]
    low, high = stats.t.interval(0.95, 4, loc=2.5, scale=stats.sem(values))
    assert plots.interval(values) == pytest.approx((2.5, low, high))
    assert plots.interval([3.0]) == (3, 3, 3)


def test_every_arm_has_a_line_with_its_role_and_interval(ran, shown):
    ran.plot("error", caption="c")
    ((figure, alt, caption),) = shown
    (ax,) = figure.axes
    assert [label.get_text() for label in ax.get_yticklabels()][:2] == ["ours (method)", "plain (rival)"]
    assert ax.get_xlabel() == "error (points)"
    mean, low, high = plots.interval(ran.values("error")["ours"])
    assert f"ours {mean:.3g} ({low:.3g} to {high:.3g})" in alt
    assert caption == "c"


def test_arms_of_one_curve_are_joined_over_what_they_were_given(study, toy, content, shown):
    content["arms"]["ours"]["curve"] = content["arms"]["plain"]["curve"] = "networks"
    made = study()
    spent = {"ours": {"steps": 20, "bytes": 300}, "plain": {"steps": 20, "bytes": 100}}
    made.run(lambda *asked: toy(*asked, spent=spent), ARMS, GRID)
    made.plot("error", over="bytes")
    ((figure, _, _),) = shown
    (ax,) = figure.axes
    (curve,) = (line for line in ax.lines if len(line.get_xdata()) == 2)
    assert list(curve.get_xdata()) == [100, 300]
    assert (ax.get_xscale(), ax.get_xlabel()) == ("log", "bytes")
    assert [text.get_text() for text in ax.texts] == ["networks"]


def test_a_series_is_shown_and_kept_for_the_page(ran, shown):
    lines = {"ours": [[1.0, 2.0], [1.2, 2.2]], "plain": [[3.0, 4.0], [3.4, 4.4]]}
    ran.series("rates", [0.1, 0.2], lines, xlabel="rate", ylabel="error (points)", log="x")
    ((figure, alt, _),) = shown
    assert figure.axes[0].get_xscale() == "log"
    assert "ours: 1.1 at 0.1, 2.1 at 0.2; plain: 3.2 at 0.1" in alt
    kept = ran.as_dict()["series"]["rates"]
    assert kept["lines"][1] == {"label": "plain", "x": [0.1, 0.2], "values": [[3.0, 4.0], [3.4, 4.4]]}
    assert plots.series_figure(kept, 3.6)[1] == alt


@pytest.mark.parametrize("last, plain", [(0.8, True), (50.0, False)])
def test_a_short_logarithmic_axis_has_plain_numbers(ran, shown, last, plain):
    lines = {"ours": [[1.0, 2.0], [1.2, 2.2]]}
    ran.series("rates", [0.1, last], lines, xlabel="rate", ylabel="error (points)", log="x")
    (ax,) = shown[0][0].axes
    assert (ax.xaxis.get_major_formatter()(0.2, 0) == "0.2") == plain


def test_a_series_whose_shape_does_not_fit_is_refused(ran):
    with pytest.raises(FrugalError, match="series 'rates': 'ours' has the shape"):
        ran.series("rates", [0.1, 0.2], {"ours": [[1, 2, 3]]}, xlabel="x", ylabel="y")
    with pytest.raises(FrugalError, match="series 'rates': 'ours' is empty or not finite"):
        ran.series("rates", [0.1], {"ours": [[float("nan")]]}, xlabel="x", ylabel="y")


def test_an_unknown_metric_is_told_with_those_that_there_are(ran):
    with pytest.raises(FrugalError, match="no arm of 16_maestro has 'loss'; there is: error"):
        ran.plot("loss")


@pytest.mark.parametrize("width", [3.6, 6.5])
def test_a_long_y_label_stays_on_the_figure(width):
    lines = [{"label": "a", "x": [1, 2], "values": [[1, 2]]}]
    about = {"xlabel": "step", "ylabel": "standard deviation of the hidden weights", "log": ""}
    figure, _ = plots.series_figure(about | {"lines": lines}, width)
    FigureCanvasAgg(figure).draw()
    box = figure.axes[0].yaxis.label.get_window_extent()
    assert figure.bbox.y0 <= box.y0
    assert box.y1 <= figure.bbox.y1


@pytest.mark.parametrize("ends", [(1.0, 1.0, 1.0), (0.0, 0.01, 5.0), (1.0, 1.2, 1.1)])
def test_names_of_lines_that_end_together_do_not_lie_on_each_other(ends):
    lines = [
        {"label": f"line {end} {at}", "x": [0.0, 1.0], "values": [[0.0, end]] * 2}
        for at, end in enumerate(ends)
    ]
    series = {"xlabel": "x", "ylabel": "y", "log": "", "lines": lines}
    figure, _ = plots.series_figure(series, 6.5)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    boxes = [text.get_window_extent(canvas.get_renderer()) for text in figure.axes[0].texts]
    assert len(boxes) == 3
    assert not [1 for at, box in enumerate(boxes) for other in boxes[:at] if box.overlaps(other)]
