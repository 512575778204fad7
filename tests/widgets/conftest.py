"""A bare page with one widget, served from memory: what a reader of the static site gets."""

import numpy as np
import pytest

from utils.widgets import static
from utils.widgets.adaptive_weights import TEMPERATURES
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
        site.wait_for_selector("[data-alive]")
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


def effective_capacity(random) -> dict:
    losses = 2 * np.cumprod(random.uniform(0.5, 0.9, size=4))
    noise = random.uniform(0.99, 1.01, size=(2, 4, 3))
    return {
        "widths": [8.0, 16.0, 32.0, 64.0],
        "reference": (losses[:, None] * noise[0]).tolist(),
        "treatment": (1.4 * losses[:, None] * noise[1]).tolist(),
        "factor": float(random.uniform(1, 4)),
    }


def sparsity_explorer(random) -> dict:
    return {
        "pattern": str(random.choice(["weights", "n:m", "blocks", "rows"])),
        "density": float(10 ** random.uniform(-2.3, 0)),
        "group": int(random.choice([2, 4, 8, 16])),
        "size": int(random.choice([256, 1024, 8192])),
        "batch": float(10 ** random.uniform(0, 3.6)),
        "ridge": float(10 ** random.uniform(0.7, 2.6)),
        "rate": float(10 ** random.uniform(-2, 0.3)),
    }


def delta_threshold(random) -> dict:
    own = random.random() < 0.5
    return {
        "key_rows": pack(random.standard_normal((20, 8)).cumsum(axis=0)) if own else b"",
        "query_rows": pack(random.standard_normal((20, 8))) if own else b"",
        "width": 8 if own else 16,
        "stickiness": float(random.uniform(0, 0.99)),
        "threshold": float(random.uniform(0, 2)),
        "window": float(random.integers(0, 33)),
        "channel": float(random.integers(0, 16)),
    }


def graph_smoothing(random) -> dict:
    return {
        "propagation": float(random.integers(0, 33)),
        "transformation": float(random.integers(1, 17)),
        "spread": float(random.uniform(0.3, 1.2)),
    }


def adaptive_weights(random) -> dict:
    levels = random.uniform(0, 1, size=(3, random.integers(2, 25)))
    levels[2] = 0.0  # a node without neighbors
    return {
        "smoothness": levels.tolist(),
        "nodes": ["hub", "leaf", "isolated"],
        "neighbors": [int(random.integers(2, 200)), 1, 0],
        "temperature": float(random.choice(TEMPERATURES)),
    }


def method_ladder(random) -> dict:
    return {
        "method": str(random.choice(["pruned", "gradual", "rigl", "set", "static"])),
        "density": float(10 ** random.uniform(-1.6, 0)),
        "share": float(10 ** random.uniform(-1.6, 0)),
        "noise": float(random.uniform(0.01, 1)),
        "drop": float(random.uniform(0, 1)),
        "every": int(random.choice([1, 5, 20, 200])),
        "step": float(random.integers(0, 31)),
    }


def arena(random) -> dict:
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

    points = [point() for _ in range(random.integers(1, 12))]
    return {
        "points": points,
        "cost": str(random.choice(["bytes", "multiply_adds", "time_one", "time_batch"])),
    }


def chapter_map(random) -> dict:
    numbers = range(1, 13)
    chapters = [
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
    return {"chapters": chapters, "chapter": int(random.integers(1, 13)), "read": read}


@pytest.fixture(scope="session")
def random_states() -> dict:
    """For every widget, a function from a NumPy generator to a state that somebody could set."""
    functions = (
        adaptive_weights,
        arena,
        chapter_map,
        delta_threshold,
        effective_capacity,
        graph_smoothing,
        method_ladder,
        noise_schedule,
        shift_levels,
        sign_freezing,
        sparsity_explorer,
        ternary_threshold,
    )
    return {function.__name__: function for function in functions}
