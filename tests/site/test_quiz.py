"""A quiz: prediction first, answer after; by keyboard, without scripts, on paper; and what may be wrong."""

import pytest

from utils.site import browser
from utils.site.directives.quiz import fault, split

PAGE = "book/11_bitnet_reloaded.html"


class TestSource:
    def test_choices_end_where_the_answer_begins(self):
        lines = ["- [ ] one", "- [x] two,", "  and more", "", "Because."]
        assert split(lines) == ([(False, "one"), (True, "two, and more")], 4)

    def test_without_choices_everything_is_answer(self):
        assert split(["Because.", "- [x] not a choice"]) == ([], 0)

    @pytest.mark.parametrize(
        "choices, answer, words",
        [
            ([(True, "one")], ["Because."], "at least two"),
            ([(False, "one"), (False, "two")], ["Because."], "mark one"),
            ([(True, "one"), (True, "two")], ["Because."], "only one"),
            ([(True, "one"), (False, "two")], [" "], "missing"),
            ([], [], "missing"),
        ],
    )
    def test_what_is_wrong_is_said(self, choices, answer, words):
        assert words in fault(choices, answer)

    def test_nothing_is_wrong(self):
        assert fault([(True, "one"), (False, "two")], ["Because."]) == ""


@pytest.fixture(scope="module")
def shown(site, has_chromium):
    """``shown(**options)`` opens the chapter in a context of these options."""
    with browser.served(site) as address, browser.chromium() as chromium:

        def open_page(**options):
            page = chromium.new_context(**options).new_page()
            page.set_default_timeout(browser.PATIENCE)
            page.goto(f"{address}/{PAGE}")
            return page

        yield open_page


def quiz(page, number):
    return page.locator(".quiz").nth(number)


def test_the_answer_waits_for_a_choice(shown):
    page = shown()
    first = quiz(page, 0)
    assert first.get_by_role("group").get_attribute("disabled") is None
    assert not first.locator(".quiz-answer").is_visible()
    first.get_by_role("button").click()
    assert not first.locator(".quiz-answer").is_visible(), "the answer came without a prediction"
    first.get_by_role("radio", name="0.3 only").check()
    first.get_by_role("button").click()
    assert first.get_by_role("status").inner_text() == "Your prediction is right."
    assert first.locator(".quiz-answer").is_visible()
    assert "half the scale" in first.inner_text()


def test_a_wrong_choice_is_told_and_cannot_be_changed(shown):
    first = quiz(shown(), 0)
    first.get_by_role("radio", name="0.3 and −0.5").nth(0).check()
    first.get_by_role("button").click()
    assert first.get_by_role("status").inner_text() == "Your prediction is not right."
    assert all(box.is_disabled() for box in first.locator("input").all())


def test_by_keyboard_alone(shown):
    page = shown()
    first = quiz(page, 0)
    first.locator("input").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert first.locator(".quiz-answer").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert first.get_by_role("status").inner_text() == "Your prediction is not right."


def test_words_are_a_prediction_too(shown):
    fourth = quiz(shown(), 3)
    fourth.get_by_role("textbox", name="Your prediction").fill("the weights move")
    fourth.get_by_role("button").click()
    assert fourth.locator(".quiz-answer").is_visible()
    assert fourth.get_by_role("textbox").input_value() == "the weights move"


def test_without_scripts_it_is_a_fold(shown):
    first = quiz(shown(java_script_enabled=False), 0)
    assert first.locator(".quiz-question").is_visible()
    assert first.locator(".quiz-choices li").count() == 3
    assert not first.get_by_text("half the scale").is_visible()
    first.locator("summary").click()
    assert first.get_by_text("half the scale").is_visible()


def test_on_paper_the_answers_show_and_close_again(shown):
    page = shown()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert quiz(page, 0).locator(".quiz-answer").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not quiz(page, 0).locator(".quiz-answer").is_visible()
