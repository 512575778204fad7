"""Each change below breaks one rule of a lab, and its sentence says which."""

import shutil
from pathlib import Path

import pytest

from utils.house_rules.lab import problems, repeated
from utils.labs.answers import answers_path
from utils.labs.master import master_path

SLUG = "12_denseshift"
LONG = (
    "dead:\n  wrong:\n    long:\n      says: Long.\n      message: x\n      code: |\n"
    + "        x = 1\n" * 31
)


@pytest.fixture
def master(tmp_path):
    """A copy of a lab's master; its answers are left behind."""
    return Path(shutil.copy(master_path(SLUG), tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("## Exercise", "gone", "has 0 headings '## Exercise N'; a lab has 4 to 6"),
        ("<details>", "gone", "gives no hint behind a fold in exercise codes"),
        ("VARIANT,", "n,", "has no exercise whose checks read VARIANT"),
        ("points: 20", "points: 15", "has exercises of 85 points in all; a lab has 100"),
        ("tolerance=0.02", "tolerance=1e-9", "compares within 1e-09 in exercise codes"),
        ("len(free) == 2**n", "len(free) == 8.0", "compares within 8 in exercise codes"),
        ("abs(w).hex()", "abs(w) < 1e-9 or abs(w).hex()", "compares within 1e-09 in exercise codes"),
        (
            r", \"free: DenseShift has no zero\"",
            "",
            "asserts without a sentence for the student in exercise codes",
        ),
    ],
)
def test_a_broken_rule_of_the_master_has_a_sentence(master, old, new, said):
    text = master.read_text()
    assert old in text
    master.write_text(text.replace(old, new))
    assert said in "\n".join(problems(master, draft=False))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("", "has no answers to dead in labs/answers/"),
        (LONG, "has an answer of 31 lines (dead, wrong long); 30 are the most"),
        (LONG.replace("says: Long.", "says: [no]"), "has unusable answers"),
    ],
)
def test_a_broken_rule_of_the_answers_has_a_sentence(master, answers, said):
    file = answers_path(SLUG, master.parent)
    file.parent.mkdir()
    file.write_text(answers)
    assert said in "\n".join(problems(master, draft=True))


def test_copies_between_answers_are_counted():
    lines = list("abcdefgh")
    assert repeated([lines, list("abcdWXYZ")]) == 0.5
    assert repeated([lines, list("abcWXYZ")]) == 0
    assert repeated([lines, list("WXYZ"), lines]) == 0.8
    assert repeated([]) == 0
