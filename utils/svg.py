"""Turns matplotlib's SVG into one that can stand inside a page, beside others, in light and in dark."""

import hashlib
import io
import re
from html import escape

from matplotlib.figure import Figure

REFERENCE = re.compile(r'(url\(|href=")#([^")]+)')
ID = re.compile(r' id="([^"]+)"')
# Matplotlib's style sheet is a rule for `*`: inside a page it would reach every other drawing.
FOREIGN = re.compile(
    r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->|<\?xml.*?\?>|<!DOCTYPE.*?>", re.DOTALL
)
COORDINATES = re.compile(r'(?<= )(?:d|x|y)="[^"]*"')
DECIMALS = re.compile(r"(?<=\.\d\d)\d+")  # a hundredth of a point is finer than any screen
ROOT = re.compile(r"<svg[^>]*>")


def figure_html(figure: Figure, title: str, description: str, caption: str) -> str:
    """``<figure>`` with the drawing and its caption."""
    drawing = inline_svg(figure, title, description)
    text = f'\n<figcaption style="text-align:center">{escape(caption)}</figcaption>' if caption else ""
    return f'<figure class="plot" style="margin:1em 0">\n{drawing}{text}\n</figure>'


def inline_svg(figure: Figure, title: str, description: str) -> str:
    """The figure as an ``<svg>`` element for an HTML page.

    Black becomes ``currentColor``, the page's text color; ids carry a prefix made from the content, so that
    two figures of one page never share one; the same figure gives the same text on every run.
    """
    raw = io.StringIO()
    figure.savefig(raw, format="svg", transparent=True, metadata={"Date": None})
    drawing = FOREIGN.sub("", raw.getvalue()).replace("xlink:href", "href").replace("#000000", "currentColor")
    drawing = COORDINATES.sub(lambda found: " ".join(DECIMALS.sub("", found[0]).split()), drawing)
    prefix = "fig" + hashlib.sha256((drawing + description).encode()).hexdigest()[:8]
    return ROOT.sub(
        lambda root: _head(root[0], prefix, title, description), _prefixed(drawing, prefix)
    ).strip()


def _prefixed(drawing: str, prefix: str) -> str:
    """Prefix the ids that something refers to, and drop the others."""
    used = {name for _, name in REFERENCE.findall(drawing)}
    drawing = ID.sub(lambda found: f' id="{prefix}-{found[1]}"' if found[1] in used else "", drawing)
    return REFERENCE.sub(rf"\1#{prefix}-\2", drawing)


def _head(root: str, prefix: str, title: str, description: str) -> str:
    """The opening tag with the drawing's role, its name, and a size that follows the column."""
    box = re.search(r'viewBox="([^"]+)"', root)[1]
    width = float(box.split()[2]) * 4 / 3  # points to CSS pixels
    style = f"display:block;margin:auto;width:100%;max-width:{width:.0f}px;height:auto;fill:currentColor"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" '
        f'aria-labelledby="{prefix}-title {prefix}-desc" '
        f'style="{style};stroke-linejoin:round;stroke-linecap:butt">\n'
        f'<title id="{prefix}-title">{escape(title)}</title>\n'
        f'<desc id="{prefix}-desc">{escape(description)}</desc>'
    )
