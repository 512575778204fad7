"""Reasons why answers fail, from patterns alone; items; code that agrees."""

import random

import pytest

from utils.grading.explain import FOLLOWS, UNTOUCHED, Known, explain
from utils.grading.report import items
from utils.grading.similar import pairs

BORDER = (("other", "codes of # rows: half of it"), ("small", "half of it"))
KNOWN = Known(
    patterns={"cut": [(BORDER, "Puts the border at the scale."), ((("small", "half of it"),), "Cuts.")]},
    stubs={"cut": "def cut(x):\n    ...", "use": "def use(x):\n    ..."},
    names={"cut": {"cut"}, "use": {"use"}},
    wanted={("cut", "small"): {"cut"}, ("use", "all"): {"use"}},
)


def row(
    key: str, failed: dict[str, str], cut="def cut(x):\n    return x", use="def use(x):\n    return 1"
) -> dict:
    verdicts = []
    for exercise, check in (("cut", "small"), ("cut", "other"), ("use", "all")):
        said = {"passed": check not in failed, "message": failed.get(check, "")}
        verdicts.append({"exercise": exercise, "check": check, "points": 2, "hidden": False, **said})
    mark = sum(2 for verdict in verdicts if verdict["passed"])
    return {"key": key, "verdicts": verdicts, "sources": {"cut": cut, "use": use}, "mark": mark}


def test_students_with_the_pattern_of_a_kept_answer_get_its_words():
    rows = [
        row(f"s{n}", {"small": "half of it", "other": f"codes of {n} rows: half of it"}) for n in range(5)
    ]
    (group,) = explain(rows, KNOWN)
    assert group.says == ["Puts the border at the scale."]
    assert group.keys == [f"s{n}" for n in range(5)]
    assert len(group.examples) == 1


def test_another_pattern_is_a_candidate():
    (group,) = explain([row("a", {"other": "something else"})], KNOWN)
    assert group.says == []
    assert group.message == "something else"


def test_an_exercise_that_uses_a_wrong_answer_is_not_blamed_itself():
    rows = [row("a", {"small": "half of it", "all": "wrong"}, use="def use(x):\n    return cut(x)")]
    cut, use = explain(rows, KNOWN)
    assert cut.says == ["Cuts."]
    assert use.says == [FOLLOWS.format("cut")]


def test_an_untouched_exercise_says_so():
    rows = [row("a", {"small": "half of it"}, cut="# %%\ndef cut(x):\n    ...")]
    assert explain(rows, KNOWN)[0].says == [UNTOUCHED]


def test_items_say_what_nobody_passes_and_what_tells_students_apart():
    rows = [row("a", {}), row("b", {"small": "m"}), row("c", {"small": "m", "other": "m"})]
    small, other, every = items(rows)
    assert (small.share, other.share, every.share) == pytest.approx((1 / 3, 2 / 3, 1))
    assert small.discrimination == pytest.approx(0.5)
    assert every.discrimination is None


def code(seed: int, name: str = "x") -> str:
    rng = random.Random(seed)
    ends = ["f(1)", "[2]", "g.h", "(3, 4)"]
    lines = [
        f"    {rng.choice('abcdefgh')} = {name}{rng.choice('+-*/%')}{rng.choice(ends)}" for _ in range(60)
    ]
    return "def solve(x):\n" + "\n".join(lines)


def test_copied_code_is_found_though_names_and_layout_differ():
    codes = {f"s{n}": code(n) for n in range(20)} | {
        "copy": "# mine\n" + code(7, "value").replace("\n", "\n\n")
    }
    (pair,) = pairs(codes, [])
    assert {pair.first, pair.second} == {"s7", "copy"}
    assert pair.share > 0.9


def test_what_everybody_may_have_does_not_count():
    shared = code(99)
    codes = {f"s{n}": shared + "\n" + code(n) for n in range(5)}
    assert pairs(codes, [shared]) == []
    assert pairs({"a": code(1), "b": code(1)}, [code(1)]) == []
