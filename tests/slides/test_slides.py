"""Slides: each cell has its place, and the page works from a file without any request to elsewhere."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import utils.slides.build as slides


@pytest.fixture
def notebook():
    cells = [
        new_markdown_cell("# A chapter\n\nIt costs $2NK$ bytes."),
        new_code_cell('profile = "quick"', metadata={"tags": ["parameters"]}),
        new_markdown_cell("## A step\n\n$$y = \\tilde x_1 \\tilde W^\\top$$"),
        new_code_cell("print(6 * 7)", outputs=[new_output("stream", text="42\n")]),
        new_markdown_cell("More about it."),
        new_code_cell(
            "plumbing()", metadata={"tags": ["hide-input"]}, outputs=[new_output("stream", text="drawn")]
        ),
    ]
    return new_notebook(cells=cells)


def test_cells_find_their_places(notebook):
    kinds = [cell.metadata["slideshow"]["slide_type"] for cell in slides.arrange(notebook).cells]
    assert kinds == ["slide", "-", "slide", "-", "subslide", "-"]


def test_parameters_and_plumbing_are_left_out(notebook):
    html = slides.render(notebook, "test")
    assert "quick" not in html
    assert "plumbing" not in html
    assert "drawn" in html


def test_slides_run_from_a_file_alone(notebook, monkeypatch, tmp_path, page, complaints):
    monkeypatch.setattr(slides.executed, "read", lambda slug: notebook)
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(slides.build("99_test", tmp_path / "out").as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    assert page.evaluate("Reveal.getTotalSlides()") == 3
    assert page.locator(".katex").count() == 2
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getCurrentSlide().innerText").startswith("A step")
    assert complaints == []
    assert all(url.startswith(("file:", "data:")) for url in requests)
