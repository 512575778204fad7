"""The plot of all verdicts."""

import pytest

from utils import figures
from utils.evidence import forest
from utils.evidence.judging import judge, not_measured


def test_every_measured_claim_is_drawn_and_told(read, content, monkeypatch):
    shown = []
    monkeypatch.setattr(figures, "show", lambda figure, alt, caption: shown.append((figure, alt, caption)))
    order, plain = read(content).claims.values()
    values = {"ours": [10.0, 11.0, 10.5], "broken": [14.0, 15.1, 14.4], "plain": [0, 0, 0]}
    forest.show([judge(order, values, [1, 2, 3], []), not_measured(plain)])
    ((figure, alt, _),) = shown
    (ax,) = figure.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["order"]
    middle = next(line for line in ax.lines if line.get_marker() == "o").get_xdata()[0]
    assert middle == pytest.approx(2.0)  # an effect of 4 points, 2 count
    assert "order 4 points" in alt


def test_nothing_measured_draws_nothing(read, content):
    forest.show([not_measured(claim) for claim in read(content).claims.values()])
