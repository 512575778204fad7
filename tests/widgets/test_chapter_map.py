"""The map remembers what was read in this browser only, and a click on a circle chooses its chapter."""

import numpy as np
import pytest

STATE = "name => document.querySelector('.frugal-widget').model.get(name)"


@pytest.fixture
def page(show, random_states):
    state = random_states["chapter_map"](np.random.default_rng(3))
    return show("chapter_map", **{**state, "read": [], "chapter": 2})


def test_marks_outlive_a_reload_of_the_page(page):
    page.check("[data-control=read]")
    page.reload()
    page.wait_for_selector("[data-alive]")
    assert page.evaluate(STATE, "read") == [2]
    assert page.is_checked("[data-control=read]")
    page.uncheck("[data-control=read]")
    page.reload()
    page.wait_for_selector("[data-alive]")
    assert page.evaluate(STATE, "read") == []


@pytest.mark.parametrize("stored", ["{", "{}", "3", '"text"', "null"])
def test_what_somebody_else_stored_does_no_harm(page, stored, complaints):
    page.evaluate("text => localStorage.setItem('frugal-read', text)", stored)
    page.reload()
    page.wait_for_selector("[data-alive]")
    assert page.inner_text("[data-key=written]")
    assert complaints == []


def test_a_click_on_a_circle_chooses_the_chapter(page):
    page.locator(".frugal svg g", has_text="7").first.click()
    assert page.evaluate(STATE, "chapter") == 7
    assert page.input_value("[data-control=chapter]") == "7"
