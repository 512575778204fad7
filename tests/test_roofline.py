"""The roofline against limits that are made up."""

import pytest

from utils import roofline
from utils.kernels.costs import Cost
from utils.roofline import Machine, Point

MACHINE = Machine(
    "a machine", {"memory": 10e9, "cache": 100e9}, {"float32": 200e9, "bfloat16": 400e9, "int8": 800e9}
)
LOW = Cost(operations=8e6, bytes_read=16e6, bytes_written=0)  # 0.5 operations a byte
HIGH = Cost(operations=8e9, bytes_read=15e6, bytes_written=1e6)  # 500 operations a byte
POINTS = [Point("by memory", LOW, seconds=3.2e-3), Point("by arithmetic", HIGH, seconds=0.1, dtype="int8")]


def test_the_lower_roof_limits():
    assert MACHINE.limit(LOW, "float32") == pytest.approx(5e9)
    assert MACHINE.limit(HIGH, "float32") == 200e9
    assert MACHINE.limit(HIGH, "int8") == 800e9


def test_the_text_says_how_much_of_the_limit_each_kernel_reaches():
    text = roofline.alt_text(POINTS, MACHINE)
    assert "by memory: 0.5 operations a byte, 2.5 billion operations a second, 50 % of the roof" in text
    assert "by arithmetic: 500 operations a byte, 80 billion operations a second, 10 % of the roof" in text


def test_points_and_roofs_stand_where_they_were_measured():
    [ax] = roofline.draw(POINTS, MACHINE).axes
    lines = {line.get_label(): line for line in ax.lines}
    assert list(lines["by memory"].get_xdata()) == [0.5]
    assert list(lines["by memory"].get_ydata()) == [2.5]
    assert lines["from cache"].get_ydata().max() == 800
    assert {text.get_text() for text in ax.texts} == {"float32 peak", "int8 peak"}
