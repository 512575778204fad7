"""Ranges and constants stand in Python; sliders reach each of their stops and come back; Reset goes back."""

import numpy as np
import pytest

from utils.errors import FrugalError
from utils.widgets import base, static
from utils.widgets.controls import Check, Choice, Slider, even_stops, log_stops

# Moves every slider to each stop, and from there, from outside, to the next one; returns what differed.
THERE_AND_BACK = """stops => Object.entries(stops).flatMap(([name, values]) => {
    const model = document.querySelector('.frugal-widget').model;
    const slider = document.querySelector(`[data-control=${name}]`);
    const before = model.get(name);
    const wrong = values.flatMap((value, i) => {
        slider.value = i;
        slider.dispatchEvent(new Event('input'));
        const reached = model.get(name), next = (i + 1) % values.length;
        model.set(name, values[next]);
        const right = reached === value && Number(slider.value) === next;
        return right ? [] : [[name, value, reached, slider.value]];
    });
    model.set(name, before);
    return wrong;
})"""
STATE = "names => names.map(name => document.querySelector('.frugal-widget').model.get(name))"
WITH_SLIDERS = [
    stem
    for stem in static.stems()
    if any(isinstance(control, Slider) for control in static.widget_class(stem).controls.values())
]


@pytest.mark.parametrize("stem", WITH_SLIDERS)
def test_a_slider_reaches_each_stop_and_comes_back_to_it(stem, show, random_states):
    page = show(stem, **random_states[stem](np.random.default_rng(3)))
    controls = static.widget_class(stem).controls
    stops = {name: control.stops for name, control in controls.items() if isinstance(control, Slider)}
    assert page.evaluate(THERE_AND_BACK, stops) == []


@pytest.mark.parametrize("stem", static.stems())
def test_reset_goes_back_to_the_start(stem, show, random_states):
    state = random_states[stem](np.random.default_rng(4))
    page = show(stem, **state)
    names = list(static.widget_class(stem).controls)
    before = page.evaluate(STATE, names)
    for control in page.query_selector_all("[data-control]"):
        control.focus()
        for key in ("Home", "ArrowDown", "End"):
            page.keyboard.press(key)
    page.get_by_role("button", name="Reset").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(STATE, names) == before == [state[name] for name in names]


def test_log_stops_are_round_and_nearly_equal_factors():
    stops = Slider(0.03, "x", 0.0001, 1, log=True, also=[0.0123]).stops
    assert {0.0001, 0.0123, 0.02, 0.25, 0.75, 1.0} <= set(stops)
    factors = np.divide(stops[1:], stops[:-1])
    assert factors.min() > 1
    assert factors.max() < 1.2
    assert log_stops(1, 200_000, 1)[:3] == [2.0, 3.0, 4.0]


def test_even_stops_are_the_decimals_that_a_text_writes():
    assert even_stops(0, 1, 0.05) == [float(f"{i / 20:.2f}") for i in range(21)]


@pytest.mark.parametrize(
    "control, value, said",
    [
        (Slider(1, "x", 0, 2), float("nan"), "finite number from 0 to 2"),
        (Slider(1, "x", 0, 2), 3, "finite number from 0 to 2"),
        (Slider(1, "x", 0, 2), True, "finite number"),
        (Slider(1, "x", values=[1, 2]), 1.5, "one of 1, 2"),
        (Choice("a", "x", {"a": "A"}), "b", "one of a"),
        (Check(False, "x"), 1, "True or False"),
    ],
)
def test_what_a_control_cannot_show_is_said(control, value, said):
    with pytest.raises(ValueError, match=said):
        control.accepted(value)


@pytest.mark.parametrize(
    "make, said",
    [
        (lambda: Slider(3, "Rate", 0, 2), "'Rate' must be a finite number from 0 to 2; it cannot begin at 3"),
        (lambda: Slider(1, "Rate", 0, 2, log=True), "both positive where it is log"),
        (lambda: Slider(1, "Rate", 2, 1), "needs low < high"),
        (lambda: Slider(1, "Rate", format="euros"), "no format"),
        (lambda: Choice("c", "Law", {"a": "A"}), "'Law' must be one of a"),
    ],
)
def test_a_control_that_cannot_be_is_told(make, said):
    with pytest.raises(FrugalError, match=said):
        make()


@pytest.mark.parametrize(
    "line, said",
    [
        ('import { NOWHERE } from "./switch_ladder.py";', "no such constant"),
        ('import { math } from "./switch_ladder.py";', "no such constant"),
        ('import { SAMPLES } from "./shift_levels.py";', "own Python module"),
    ],
)
def test_a_name_that_python_does_not_have_is_said(line, said, tmp_path, monkeypatch):
    kind = static.widget_class("switch_ladder")
    (tmp_path / "switch_ladder.js").write_text(line + "\n")
    monkeypatch.setattr(base, "FOLDER", tmp_path)
    with pytest.raises(FrugalError, match=said):
        base.front_end(kind)


@pytest.mark.parametrize("stem", static.stems())
def test_no_front_end_types_a_range_or_a_constant_of_python(stem):
    """What stands as a constant in Python is imported: the same name is not declared again."""
    source = (base.FOLDER / f"{stem}.js").read_text(encoding="utf-8")
    module = vars(__import__(f"utils.widgets.{stem}", fromlist=["_"]))
    constants = [name for name in module if name.isupper() and not name.startswith("_")]
    assert [name for name in constants if f"const {name} =" in source] == []
