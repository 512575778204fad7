"""Undecided told as decided is noticed, however it is cited."""

import pytest

from utils.house_rules.verdicts import problems

CLAIM = {"key": "order", "verdict": "undecided", "task": "", "metric": "error", "compare": ["ours", "plain"]}
RESULTS = {"quick": {"claims": [CLAIM]}, "full": {"claims": [{**CLAIM, "verdict": "supported"}]}}
BOTH = "{measured}`16_maestro:error-ours` against {measured}`16_maestro:error-plain`"


@pytest.mark.parametrize(
    "paragraph",
    [
        "The order matters: {effect}`16_maestro:order`.",
        "The order matters: {effect}`16_maestro:order:quick`.",
        f"The order matters: {BOTH}.",
        f"It is undecided.\n\nThe order matters: {BOTH}.",
    ],
)
def test_a_paragraph_that_hides_an_open_verdict_is_named(paragraph):
    (said,) = problems(paragraph, RESULTS)
    assert "cites the claim 'order'" in said
    assert "'undecided'" in said


@pytest.mark.parametrize(
    "paragraph",
    [
        "Whether the order matters is undecided: {effect}`16_maestro:order`.",
        "The order: {verdict}`16_maestro:order`, {effect}`16_maestro:order`.",
        "At full it matters: {effect}`16_maestro:order:full`.",
        "Ours reaches {measured}`16_maestro:error-ours`.",
        "```{claims} 16_maestro\n```",
        "Nothing is cited.",
    ],
)
def test_a_paragraph_that_says_so_or_cites_something_else_is_fine(paragraph):
    assert list(problems(paragraph, RESULTS)) == []


def test_a_task_that_cannot_tell_is_said_too():
    results = {"quick": {"claims": [{**CLAIM, "verdict": "the task cannot tell"}]}}
    assert list(problems("It works: {effect}`16_maestro:order`.", results))
    assert not list(problems("Here the task cannot tell: {effect}`16_maestro:order`.", results))
