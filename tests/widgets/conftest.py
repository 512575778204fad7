"""A bare page with one widget, served from memory: what a reader of the static site gets."""

import pytest

from utils.widgets import static
from utils.widgets.base import pack
from utils.widgets.controls import Check, Choice

SITE = "http://book.test/sub/"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Widget</title></head>
<body>{body}<script type="module" src="{home}host.js"></script></body></html>"""


@pytest.fixture
def site(page):
    """``page`` with the front-end files under ``SITE``; any other address fails and is complained about."""
    files = static.files()
    kinds = {".js": "text/javascript", "css": "text/css"}

    def answer(route):
        name = route.request.url.removeprefix(SITE)
        if name in files:
            route.fulfill(body=files[name], content_type=kinds[name[-3:]])
        elif name == "":
            route.fulfill(body=PAGE.format(body="", home=""), content_type="text/html")
        else:
            route.abort()

    page.route("**/*", answer)
    return page


@pytest.fixture
def show(site):
    """``show(stem, **state)`` opens a page that holds only this widget and waits until it is drawn."""

    def open_widget(stem: str, **state):
        html = PAGE.format(body=static.embed(stem, **state), home=SITE)
        site.route(SITE + "page.html", lambda route: route.fulfill(body=html, content_type="text/html"))
        site.goto(SITE + "page.html")
        site.wait_for_selector("[data-alive]")
        return site

    return open_widget


def trained(random) -> dict:
    return {"trained": pack(random.standard_t(3, size=random.integers(1, 3000)))}


def network(random) -> dict:
    return {"fan_in": int(random.integers(10, 200)), "layers": int(random.integers(1, 40))}


def keys(random) -> dict:
    if random.random() < 0.5:
        return {"width": 16}
    rows = {name: pack(random.standard_normal((20, 8)).cumsum(axis=0)) for name in ("key_rows", "query_rows")}
    return {**rows, "width": 8}


def smoothing(random) -> dict:
    levels = random.uniform(0, 1, size=(3, random.integers(2, 25)))
    levels[2] = 0.0  # a node without neighbors
    return {
        "smoothness": levels.tolist(),
        "nodes": ["hub", "leaf", "isolated"],
        "neighbors": [int(random.integers(2, 200)), 1, 0],
    }


def points(random) -> dict:
    def point() -> dict:
        return {
            "technique": str(random.choice(["dense float32", "ternary"])),
            "chapter": str(random.choice(["", "11", "12"])),
            "width": int(random.integers(8, 65)),
            "accuracy": random.integers(80, 100, size=3).astype(float).tolist(),
            "bytes": int(random.integers(500, 40_000)),
            "multiply_adds": int(random.integers(500, 9_000)),
            "time_one": float(random.uniform(0.5, 4)),
            "time_batch": float(random.uniform(0.5, 4)),
        }

    return {"points": [point() for _ in range(random.integers(1, 12))]}


def chapters(random) -> dict:
    numbers = range(1, 13)
    entries = [
        {
            "number": number,
            "title": f"Title {number}",
            "part": "I" if number < 7 else "II",
            "part_title": "Bits" if number < 7 else "Weights",
            "prerequisites": [n for n in range(1, number) if random.random() < 0.25],
            "url": f"{number}.html" if random.random() < 0.6 else "",
        }
        for number in numbers
    ]
    read = [n for n in numbers if random.random() < 0.4]
    return {"chapters": entries, "chapter": int(random.integers(1, 13)), "read": read}


DATA = {  # traits that are no controls, by widget
    "adaptive_weights": smoothing,
    "arena": points,
    "chapter_map": chapters,
    "delta_threshold": keys,
    "noise_schedule": network,
    "ternary_threshold": trained,
}


def anything(control, random) -> object:
    """A value that the control takes: one of its choices, a stop of its slider, or a number between two."""
    if isinstance(control, Choice):
        return list(control.choices)[random.integers(len(control.choices))]
    if isinstance(control, Check):
        return bool(random.random() < 0.5)
    i = random.integers(len(control.stops))
    near = control.stops[min(i + 1, len(control.stops) - 1)]
    whole = all(value % 1 == 0 for value in control.stops)
    between = not control.exact and not whole and random.random() < 0.5
    return float(random.uniform(control.stops[i], near)) if between else control.stops[i]


@pytest.fixture(scope="session")
def random_states() -> dict:
    """For every widget, a function from a NumPy generator to a state that somebody could set."""

    def drawn(stem):
        controls = static.widget_class(stem).controls

        def state(random) -> dict:
            data = DATA[stem](random) if stem in DATA else {}
            return data | {name: anything(control, random) for name, control in controls.items()}

        return state

    return {stem: drawn(stem) for stem in static.stems()}
