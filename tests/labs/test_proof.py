"""The proof of a lab's checks finds every weakness that is planted in a good lab."""

from dataclasses import replace

import pytest

WIDE = ('counted twice?")', 'counted twice?", tolerance=1e9)')
NO_FILES = """    from pathlib import Path

    for path in Path("no/such/folder").glob("*.pt"):
        close(double(torch.load(path)), torch.load(path), "double(x)", "is every number counted twice?")
"""
STRICT = """
    strict:
      says: Computes in float64.
      replace: [[2 * x, 2 * x.double()]]
"""
EQUIVALENT = """
  equivalent:
    - says: A half of the way is the whole way.
      replace: [[2 * x, 2 / x]]
"""
TRUTHY = '''""" # BEGIN TEST CONFIG
points: 3
""" # END TEST CONFIG
def test_example(double):
    from utils.labs.checks import answered

    answered(double)

test_example(double)'''
SPARE = "def double(x):\n    return 2 * x  # SOLUTION\n\n\ndef unused(x):\n    return x + 17  # SOLUTION"


@pytest.fixture(scope="module")
def labs(tiny, proved, tmp_path_factory):
    """Proofs of the good lab and of weakened ones, all from one process."""
    function, call = tiny.public.split("\n\ntest_example(double)")[0], "\n\ntest_example(double)"
    body = function.index("    import torch")
    loop = (
        tiny.hidden[: tiny.hidden.index("    for shape")] + NO_FILES + "\ntest_secretly_other_shapes(double)"
    )
    unguarded = tiny.public.replace("keeps(double, x), x + x", "double(x), torch.tensor([2.0, -6.0])")
    variants = {
        "good": tiny,
        "wide": replace(tiny, public=tiny.public.replace(*WIDE), hidden=tiny.hidden.replace(*WIDE)),
        "explained": replace(
            tiny,
            public=tiny.public.replace(*WIDE),
            hidden=tiny.hidden.replace(*WIDE),
            answers=tiny.answers + EQUIVALENT,
        ),
        "empty": replace(tiny, public=function[:body] + "    pass" + call),
        "no_files": replace(tiny, hidden=loop),
        "no_hidden": replace(tiny, hidden="", public=tiny.public.replace("points: 1", "points: 3")),
        "in_place": replace(
            tiny, public=unguarded, hidden=tiny.hidden.replace("x + x", "torch.full(shape, 3.0)")
        ),
        "points": replace(tiny, public=tiny.public.replace("points: 1", "points: 0.5")),
        "vague": replace(tiny, public=reworded(tiny.public), hidden=reworded(tiny.hidden)),
        "few": replace(tiny, answers="double: {right: {sum: {says: Adds., replace: [[2 * x, x + x]]}}}"),
        "strict": replace(tiny, answers=tiny.answers + STRICT),
        "tell": replace(tiny, hidden=tiny.hidden.replace("counted twice?", "counted twice: return 2 * x")),
        "spare": replace(tiny, solution=SPARE),
        "crashes": replace(
            tiny, public=tiny.public.replace("keeps(double, x), x + x", "keeps(double, x).clone(), x + x")
        ),
        "anything": replace(tiny, solution="double = lambda x: 2 * x  # SOLUTION", public=TRUTHY, hidden=""),
        "stale": replace(tiny, answers=tiny.answers + EQUIVALENT),
    }
    folder = tmp_path_factory.mktemp("labs")
    return proved([lab.write(folder / name) for name, lab in variants.items()])


def reworded(test: str) -> str:
    return test.replace("is every number counted twice?", "something is not right")


def problems(lab: dict) -> str:
    return "\n".join(problem for report in lab["reports"] for problem in report[2])


def test_a_good_lab_has_no_problems_and_counts_what_ran(labs):
    assert problems(labs["good"]) == ""
    assert labs["good"]["reports"][0][1] == (
        "ran 2 of 2 checks with 2 of 2 assertions, 1 wrong and 2 right answers"
    )
    assert labs["good"]["reports"][-1][:2] == ["untouched", "ran 2 of 2 checks, 2 failed"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("wide", "the wrong answer square is accepted"),
        ("wide", "an answer that returns its input (double) is accepted"),
        ("empty", "test_example asserts nothing"),
        ("no_files", "test_secretly_other_shapes reaches 0 of its 1 assertions"),
        ("no_hidden", "an answer that repeats the public results (double) is accepted"),
        ("in_place", "an answer that changes its input in place (double) is accepted"),
        ("points", "the checks give 2.5 points, the exercise promises 3"),
        ("vague", "the wrong answer square is rejected without the words 'counted twice'"),
        ("few", "0 wrong answers are kept beside it"),
        ("few", "1 right answers are kept beside it"),
        ("strict", "the right answer strict does not pass test_example"),
        ("tell", "a check's message gives the answer away: return 2 * x"),
        ("crashes", "test_example stops with AttributeError"),
        ("anything", "'text' in place of double is accepted"),
        ("spare", "an answer that returns its input (unused) is accepted"),
    ],
)
def test_a_planted_weakness_is_found(labs, name, words):
    assert words in problems(labs[name])


def test_mutants_of_a_good_lab_are_all_caught(labs):
    total, survivors, complaints = labs["good"]["mutants"]
    assert total > 0
    assert (survivors, complaints) == ([], [])


def test_surviving_mutants_are_listed_and_too_many_fail(labs):
    total, survivors, complaints = labs["wide"]["mutants"]
    assert 0 < len(survivors) <= total
    assert any("no check notices double: line 2" in complaint for complaint in complaints)
    assert any("mutants survive, more than 5%" in complaint for complaint in complaints)


def test_an_explained_mutant_is_no_complaint_and_a_caught_one_is_no_equivalent(labs):
    _, survivors, complaints = labs["explained"]["mutants"]
    assert len(survivors) == len(labs["wide"]["mutants"][1])
    assert len(complaints) == len(labs["wide"]["mutants"][2]) - 1
    assert labs["stale"]["mutants"][2] == [
        "an equivalent of double is no surviving mutant: A half of the way is the whole way."
    ]
