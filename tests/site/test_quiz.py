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


def choosing(page):
    """A quiz with choices, of which the first is right."""
    return page.locator(".quiz", has_text="A matrix has scale 0.8")


def writing(page):
    """A quiz that is answered in words."""
    return page.locator(".quiz:has(textarea)").first


def test_the_answer_waits_for_a_choice(shown):
    page = shown()
    quiz = choosing(page)
    assert quiz.get_by_role("group").get_attribute("disabled") is None
    assert not quiz.locator(".quiz-answer").is_visible()
    quiz.get_by_role("button").click()
    assert not quiz.locator(".quiz-answer").is_visible(), "the answer came without a prediction"
    quiz.get_by_role("radio", name="0.3 only").check()
    quiz.get_by_role("button").click()
    assert quiz.get_by_role("status").inner_text() == "Your prediction is right."
    assert quiz.locator(".quiz-answer").is_visible()
    assert "half the scale" in quiz.inner_text()


def test_a_wrong_choice_is_told_and_cannot_be_changed(shown):
    quiz = choosing(shown())
    quiz.get_by_role("radio", name="0.3 and −0.5").nth(0).check()
    quiz.get_by_role("button").click()
    assert quiz.get_by_role("status").inner_text() == "Your prediction is not right."
    assert all(box.is_disabled() for box in quiz.locator("input").all())


def test_by_keyboard_alone(shown):
    page = shown()
    quiz = choosing(page)
    quiz.locator("input").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert quiz.locator(".quiz-answer").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert quiz.get_by_role("status").inner_text() == "Your prediction is not right."


def test_words_are_a_prediction_too(shown):
    words = writing(shown())
    words.get_by_role("textbox", name="Your prediction").fill("the weights move")
    words.get_by_role("button").click()
    assert words.locator(".quiz-answer").is_visible()
    assert words.get_by_role("textbox").input_value() == "the weights move"


def test_without_scripts_it_is_a_fold(shown):
    quiz = choosing(shown(java_script_enabled=False))
    assert quiz.locator(".quiz-question").is_visible()
    assert quiz.locator(".quiz-choices li").count() == 3
    assert not quiz.get_by_text("half the scale").is_visible()
    quiz.locator("summary").click()
    assert quiz.get_by_text("half the scale").is_visible()


def test_on_paper_the_answers_show_and_close_again(shown):
    page = shown()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert choosing(page).locator(".quiz-answer").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not choosing(page).locator(".quiz-answer").is_visible()
