"""Every control of every widget, moved by keyboard on a bare static page: the numbers shown are Python's."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from utils.widgets import static
from utils.widgets.base import plain

KEYS = {
    "range": ["ArrowRight", "ArrowRight", "End", "Home"],
    "select-one": ["ArrowDown", "ArrowUp"],
    "checkbox": ["Space"],
}
FOCUSED = "() => ({name: document.activeElement.dataset.control, kind: document.activeElement.type})"
STATE = (
    "names => Object.fromEntries(names.map(n => [n, document.querySelector('.frugal-widget').model.get(n)]))"
)
WORDS = "document.querySelector('.frugal .words').innerText"
PAUSE = 700  # ms: more than the pause after which common.js announces


@pytest.fixture(params=static.stems())
def widget(request, show, random_states):
    """(page, class, state) of every widget in turn, in a random state where it draws all its parts."""
    state = random_states[request.param](np.random.default_rng(1))
    return show(request.param, **state), static.widget_class(request.param), state


def shown(page) -> dict:
    """The numbers on the page at full precision, by key."""
    read = "all => Object.fromEntries(all.map(e => [e.dataset.key, e.value]))"
    return page.eval_on_selector_all(".frugal data[data-key]", read)


def assert_numbers_are_pythons(page, kind, start):
    controls = page.eval_on_selector_all(
        "[data-control]", "all => [...new Set(all.map(e => e.dataset.control))]"
    )
    state = {**start, **page.evaluate(STATE, controls)}
    python = plain(kind(**state).numbers())
    page_numbers = shown(page)
    assert page_numbers, "no numbers are shown"
    for key, value in page_numbers.items():
        if isinstance(python[key], int | float):
            assert float(value) == pytest.approx(python[key], rel=1e-9, abs=1e-12), (key, controls)
        else:
            assert value == str(python[key] or ""), key  # an empty value where there is no number


def test_each_control_is_reached_and_moved_by_keyboard(widget, complaints):
    page, kind, start = widget
    wanted = page.eval_on_selector_all("[data-control]", "all => all.map(e => e.dataset.control)")
    reached = []
    for _ in range(len(wanted) + 3):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if not focused["name"]:
            continue
        reached.append(focused["name"])
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", f"{focused['name']} has no visible focus"
        seen = set()
        for key in KEYS[focused["kind"]]:
            page.keyboard.press(key)
            seen.add(json.dumps(page.evaluate(STATE, [focused["name"]])))
            assert_numbers_are_pythons(page, kind, start)
        assert len(seen) > 1 or focused["kind"] == "checkbox", f"{focused['name']} did not move"
    assert set(reached) == set(wanted)
    assert complaints == []


def test_controls_are_named_and_sliders_speak(widget):
    page, _, _ = widget
    for control in page.query_selector_all("[data-control]"):
        assert control.evaluate("e => e.labels.length && e.labels[0].textContent.trim()"), (
            "a control has no label"
        )
    for slider in page.query_selector_all("input[type=range]"):
        assert slider.get_attribute("aria-valuetext")


def test_a_move_is_announced_once_the_reader_pauses(widget):
    page, _, _ = widget
    before = page.inner_text(".frugal .words")
    assert len(before) > 40
    page.focus("[data-control]")
    for key in ("End", "Home", "ArrowDown"):  # one of them moves it
        page.keyboard.press(key)
        page.wait_for_timeout(PAUSE)
        if page.inner_text(".frugal .words") != before:
            break
    page.wait_for_function(
        "before => document.querySelector('.frugal .words').innerText !== before", arg=before
    )
    assert page.get_attribute(".frugal .words", "aria-live") == "polite"


def test_the_picture_is_not_blank(widget):
    page, _, _ = widget
    picture = Image.open(io.BytesIO(page.locator(".frugal svg").first.screenshot()))
    assert len(picture.convert("RGB").getcolors(maxcolors=1 << 20)) > 10


def test_a_phone_needs_no_sideways_scrolling(widget):
    page, _, _ = widget
    page.set_viewport_size({"width": 360, "height": 640})
    page.wait_for_function("document.documentElement.scrollWidth <= 360")
    page.wait_for_function("""() => {
      const texts = [...document.querySelectorAll(".frugal svg text")];
      const boxes = texts.map((it) => it.getBoundingClientRect());
      return texts.length && boxes.every((box) => box.left >= 0 && box.right <= 360); }""")


def test_absurd_input_gives_a_sentence_and_the_next_good_value_a_picture(widget, complaints):
    page, _, _ = widget
    set_value = "([n, v]) => document.querySelector('.frugal-widget').model.set(n, v === 'nan' ? NaN : v)"
    for name in page.eval_on_selector_all(
        "input[type=range], select", "all => all.map(e => e.dataset.control)"
    ):
        good = page.evaluate(STATE, [name])[name]
        for absurd in (None, "nan", ""):
            page.evaluate(set_value, [name, absurd])
            assert len(page.inner_text(".frugal .problem")) > 20, (name, absurd)
            assert shown(page) == {}
            page.evaluate(set_value, [name, good])
            assert not page.is_visible(".frugal .problem")
            assert shown(page)
    assert complaints == []
