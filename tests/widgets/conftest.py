"""A bare page with one widget, served from memory: what a reader of the static site gets."""

import pytest

from utils.widgets import static
from utils.widgets.base import pack
from utils.widgets.ternary_threshold import BITS

SITE = "http://book.test/sub/"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Widget</title></head>
<body>{body}<script type="module" src="{home}host.js"></script></body></html>"""


@pytest.fixture
def site(page):
    """``page`` with the front-end files under ``SITE``; any other address fails and is complained about."""
    files = {path.name: path for path in static.files()}

    def answer(route):
        name = route.request.url.removeprefix(SITE)
        if name in files:
            route.fulfill(path=files[name])
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
        site.wait_for_selector("[data-alive]", timeout=10_000)
        return site

    return open_widget


def ternary_threshold(random) -> dict:
    return {
        "weights": str(random.choice(["gaussian", "laplace", "trained"])),
        "measure": str(random.choice(["mean", "median", "max"])),
        "bits": float(random.choice(BITS)),
        "outliers": float(random.uniform(0, 0.01)),
        "trained": pack(random.standard_t(3, size=random.integers(1, 3000))),
    }


def noise_schedule(random) -> dict:
    return {
        "rate": float(10 ** random.uniform(-3, 0)),
        "eta": float(10 ** random.uniform(-4, 0)),
        "gamma": float(random.uniform(0, 1)),
        "start": float(random.uniform(0, 0.3)),
        "steps": float(10 ** random.uniform(0, 4)),
        "fan_in": int(random.integers(10, 200)),
        "layers": int(random.integers(1, 40)),
    }


def sign_freezing(random) -> dict:
    return {
        "sigma": float(10 ** random.uniform(-4, 0)),
        "step": float(10 ** random.uniform(-4, -1)),
        "steps": float(10 ** random.uniform(1, 5)),
    }


def shift_levels(random) -> dict:
    return {
        "law": str(random.choice(["gaussian", "laplace"])),
        "family": str(random.choice(["powers", "zero"])),
        "bits": int(random.integers(2, 6)),
        "reach": float(10 ** random.uniform(-0.6, 0.9)),
    }


@pytest.fixture(scope="session")
def random_states() -> dict:
    """For every widget, a function from a NumPy generator to a state that somebody could set."""
    functions = (ternary_threshold, noise_schedule, sign_freezing, shift_levels)
    return {function.__name__: function for function in functions}
