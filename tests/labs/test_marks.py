"""Otter's marks and those that the notebook shows: equal for a good lab, and told where they are not."""

import pytest

from tests.labs.conftest import SLUG
from utils.labs import marks
from utils.labs.build import build
from utils.labs.master import master_path, read


def test_one_run_gives_both_marks_of_a_wrong_answer(tiny, tmp_path):
    folder = tiny.write(tmp_path)
    (report,) = marks.report(SLUG, folder, folder / "out")
    assert report.problems == []
    assert report.counts == "Otter's and the notebook's, 1 of 1 wrong"


def test_a_run_that_fails_is_a_problem(tiny, tmp_path):
    folder = tiny.write(tmp_path)
    build(SLUG, folder=folder, out=folder / "out")["autograder"].write_bytes(b"damaged")
    (report,) = marks.report(SLUG, folder, folder / "out")
    assert "Otter's run fails" in report.problems[0]
    assert "not a zip file" in report.problems[0]


@pytest.mark.parametrize(
    "graded, shown, said",
    [
        ([0, 3], [0, 3], []),
        ([1, 3], [0, 3], ["double: Otter gives [1, 3], the notebook shows [0, 3]"]),
        (None, [0, 3], ["double: Otter gives None, the notebook shows [0, 3]"]),
        ([0, 3], None, ["double: Otter gives [0, 3], the notebook shows None"]),
        (None, None, ["double: Otter gives None, the notebook shows None"]),
        ([0, 2], [0, 2], ["double: it counts 2 points, the exercise promises 3"]),
        ([3, 3], [3, 3], ["double: a wrong answer has full marks"]),
    ],
)
def test_marks_that_are_not_right_are_told(tiny, tmp_path, graded, shown, said):
    lab = read(master_path(SLUG, tiny.write(tmp_path)))
    given = ({"double": marks_of} if marks_of else {} for marks_of in (graded, shown))
    assert marks.differences(lab, *given, {"double"}) == said
