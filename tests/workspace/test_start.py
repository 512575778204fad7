"""The start page links what is there, names chapters by their headings, and is a valid notebook."""

import json

import nbformat

from utils.chapters import Chapter
from utils.workspace.start import start_page

SLUG = "11_bitnet_reloaded"


def text_of(page: bytes) -> str:
    nbformat.validate(nbformat.reads(page.decode(), as_version=4))
    return json.loads(page)["cells"][0]["source"]


def with_heading(*lines: str) -> bytes:
    return json.dumps(
        {"cells": [{"cell_type": "markdown", "source": [line + "\n" for line in lines]}]}
    ).encode()


def test_row_has_title_links_and_points():
    files = {
        f"notebooks/{SLUG}.ipynb": with_heading("# Three values a weight", "text"),
        f"labs/{SLUG}.ipynb": b"",
    }
    text = text_of(start_page([Chapter(SLUG)], files, {SLUG: "6 of 12 points"}))
    assert (
        f"| Three values a weight | [read and run](notebooks/{SLUG}.ipynb) | [your turn](labs/{SLUG}.ipynb) "
        "| 6 of 12 points |"
    ) in text


def test_nothing_is_linked_that_is_not_there():
    assert "](" not in text_of(start_page([Chapter(SLUG)], {}, {}))
