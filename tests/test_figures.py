"""Figures: legible for every reader, safe beside other figures of a page, the same on every run."""

import itertools
import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from utils import figures, svg
from utils.errors import FrugalError

ALT = "Loss against width. It falls from 2 to 1 nat."
PAGES = ("#ffffff", "#14181e", "#111111")  # the site in light and dark, JupyterLab in dark
# Linear RGB as readers without one of the three cone types see it (Machado, Oliveira and Fernandes 2009).
SIGHT = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(color):
    """sRGB to linear light (WCAG 2.2, relative luminance)."""
    c = np.array(to_rgb(color))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(first, second):
    lights = sorted(linear(color) @ [0.2126, 0.7152, 0.0722] + 0.05 for color in (first, second))
    return lights[1] / lights[0]


def lab(rgb):
    """Linear sRGB to CIE L*a*b* (D65), in which distances are roughly those that people see."""
    to_xyz = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    xyz = np.array(to_xyz) @ np.clip(rgb, 0, 1) / [0.95047, 1, 1.08883]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def plot():
    figure, ax = figures.subplots()
    ax.plot([1, 2, 3], [2, 1, 3], label="one")
    ax.bar([1, 2], [1, 2], hatch="//", alpha=0.3)
    ax.set_xlabel("width $H$")
    figures.legend(figure)
    return figure


def markup(figure=None, description=ALT):
    return svg.figure_html(figure or plot(), "Loss <1", description, "A <b>caption</b> & more")


@pytest.mark.parametrize("color", figures.COLORS.values())
@pytest.mark.parametrize("page", PAGES)
def test_each_color_stands_out_on_a_light_and_on_a_dark_page(color, page):
    assert contrast(color, page) >= 3  # WCAG 2.2, 1.4.11: graphics


@pytest.mark.parametrize("sight", SIGHT)
def test_two_colors_never_look_alike(sight):
    seen = [lab(np.array(SIGHT[sight]) @ linear(color)) for color in figures.COLORS.values()]
    # A just noticeable difference is about 2.3; lines are thin, so ask for eight times as much.
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 8 * 2.3


def test_color_is_never_the_only_difference():
    assert len(set(figures.MARKERS)) == len(set(figures.DASHES)) == len(figures.COLORS)


def test_black_follows_the_text_color_of_the_page():
    text = markup()
    assert "currentColor" in text
    assert not re.search(r"#0{6}|#f{6}|black|white", text)


def test_the_drawing_has_role_name_and_description():
    root = ElementTree.fromstring(re.search(r"<svg.*</svg>", markup(), re.DOTALL)[0])
    assert root.get("role") == "img"
    title, description = list(root)[:2]
    assert (title.text, description.text) == ("Loss <1", ALT)
    assert root.get("aria-labelledby").split() == [title.get("id"), description.get("id")]


def test_two_figures_of_a_page_share_no_id_and_every_reference_leads_somewhere():
    other, ax = figures.subplots()
    ax.plot([1, 2], [1, 2])
    page = markup() + markup(other) + markup(description="The same lines in another place.")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', page)) <= set(ids)


def test_the_same_figure_gives_the_same_text():
    assert markup() == markup()


def test_nothing_in_it_reaches_beyond_the_figure():
    text = markup()
    assert "<style" not in text
    assert "<metadata" not in text
    assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_the_caption_is_text_not_markup():
    assert ">A &lt;b&gt;caption&lt;/b&gt; &amp; more</figcaption>" in markup()


@pytest.mark.parametrize("alt", ["", "   ", "A plot.", " ".join("x" * 3)])
def test_a_figure_without_a_text_alternative_is_refused(alt):
    with pytest.raises(FrugalError, match="text alternative"):
        figures.show(plot(), alt, "caption")


def test_show_sends_html_and_a_text_for_plain_readers(monkeypatch):
    sent = []
    monkeypatch.setattr(figures, "display", lambda data, raw: sent.append((data, raw)))
    figures.show(plot(), ALT, "caption")
    [(data, raw)] = sent
    assert raw
    assert data["text/plain"] == f"[figure: {ALT}]"
    assert ">Loss against width</title>" in data["text/html"]
    assert ">It falls from 2 to 1 nat.</desc>" in data["text/html"]


def test_error_bars_show_mean_range_and_every_seed():
    _, ax = figures.subplots()
    values = np.array([[1.0, 5.0], [2.0, 6.0], [6.0, 7.0]])
    figures.error_bars(ax, [16, 32], values, "ternary")
    figures.error_bars(ax, [16, 32], values + 1, "float")
    [first, second] = ax.containers
    assert list(first.lines[0].get_ydata()) == [3, 6]
    assert np.array(first.lines[2][0].get_segments()).tolist() == [[[16, 1], [16, 6]], [[32, 5], [32, 7]]]
    assert ax.collections[1].get_offsets()[:, 1].tolist() == values.ravel().tolist()
    assert first.lines[0].get_marker() != second.lines[0].get_marker()
    assert first.lines[0].get_color() != second.lines[0].get_color()


@pytest.mark.parametrize("shape", [(3,), (2, 3), (3, 2, 1)])
def test_error_bars_refuse_values_of_another_shape(shape):
    _, ax = figures.subplots()
    with pytest.raises(FrugalError, match=r"\(seeds, 2\)"):
        figures.error_bars(ax, [16, 32], np.zeros(shape), "ternary")


def test_a_legend_lists_each_label_once():
    figure, axes = figures.subplots(1, 2)
    for ax in axes:
        ax.plot([1, 2], label="one")
    figures.legend(figure)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["one"]


@pytest.mark.parametrize("scheme, letters", [("light", "rgb(0, 0, 0)"), ("dark", "rgb(255, 255, 255)")])
def test_a_browser_draws_it_in_the_color_of_the_page(page, complaints, scheme, letters):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 360, "height": 740})
    page.set_content(
        f'<meta name="color-scheme" content="light dark"><body style="color:CanvasText">{markup()}'
    )
    drawing = page.locator("svg[role=img]")
    assert drawing.evaluate("e => getComputedStyle(e).fill") == letters
    box = drawing.bounding_box()
    assert 0 < box["width"] <= 360
    assert box["width"] / box["height"] == pytest.approx(6.5 / 3.4, rel=0.02)
    assert page.get_by_role("img", name="Loss <1").count() == 1
    assert complaints == []


def test_readers_own_settings_do_not_reach_our_figures(tmp_path):
    (tmp_path / "matplotlibrc").write_text(
        "text.usetex: True\nfont.family: no-such-font\nlines.linewidth: 9\n"
    )
    code = """
import utils.figures
from matplotlib import rcParams
print(rcParams["text.usetex"], rcParams["lines.linewidth"])
"""
    environment = {**os.environ, "MATPLOTLIBRC": str(tmp_path / "matplotlibrc")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.stdout.split() == ["False", "2.0"]
