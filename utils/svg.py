"""Turns matplotlib's SVG into one that can stand inside a page, beside others, in light and in dark."""

import hashlib
import html
import io
import re
from xml.etree import ElementTree

from matplotlib.figure import Figure

SVG = "http://www.w3.org/2000/svg"
HREF = "{http://www.w3.org/1999/xlink}href"
DECIMALS = re.compile(r"(?<=\.\d\d)\d+")  # a hundredth of a point is finer than any screen
REFERENCE = re.compile(r"(?:url\()?#([^)]+)\)?")
REFERRING = ("clip-path", "href")
COORDINATES = ("d", "x", "y", "width", "height")


def inline_svg(figure: Figure, title: str, description: str) -> str:
    """The figure as an ``<svg>`` element for an HTML page.

    Black becomes ``currentColor``, the page's text color; ids carry a prefix made from the content, so that
    two figures of one page never share one; the same figure gives the same text on every run.
    """
    raw = io.StringIO()
    figure.savefig(raw, format="svg", transparent=True, metadata={"Date": None})
    root = ElementTree.fromstring(raw.getvalue())
    _drop_what_a_page_must_not_get(root)
    prefix = "fig" + hashlib.sha256((raw.getvalue() + description).encode()).hexdigest()[:8]
    _tidy(root, prefix)
    _name(root, prefix, title, description)
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode")


def figure_html(figure: Figure, title: str, description: str, caption: str) -> str:
    """``<figure>`` with the drawing and its caption."""
    drawing = inline_svg(figure, title, description)
    text = f'\n<figcaption style="text-align:center">{html.escape(caption)}</figcaption>' if caption else ""
    return f'<figure class="plot" style="margin:1em 0">\n{drawing}{text}\n</figure>'


def _drop_what_a_page_must_not_get(root: ElementTree.Element) -> None:
    """Metadata, and the style sheet whose ``*`` rule would reach every other drawing of the page."""
    for parent in root.iter():
        for child in list(parent):
            if child.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
                parent.remove(child)


def _tidy(root: ElementTree.Element, prefix: str) -> None:
    """Prefix the ids that something refers to, drop the others, and let black follow the page."""
    elements = list(root.iter())
    used = {match for element in elements for match in _references(element)}
    for element in elements:
        attributes = element.attrib
        if "id" in attributes:
            name = attributes.pop("id")
            if name in used:
                attributes["id"] = f"{prefix}-{name}"
        if HREF in attributes:
            attributes["href"] = attributes.pop(HREF)
        for key in REFERRING:
            if key in attributes:
                attributes[key] = attributes[key].replace("#", f"#{prefix}-")
        if "style" in attributes:
            attributes["style"] = attributes["style"].replace("#000000", "currentColor")
        for key in COORDINATES:
            if key in attributes:
                attributes[key] = " ".join(DECIMALS.sub("", attributes[key]).split())


def _references(element: ElementTree.Element) -> list[str]:
    """The ids that an element points to."""
    values = (element.get(key, "") for key in (HREF, *REFERRING))
    return [match[1] for value in values if (match := REFERENCE.fullmatch(value))]


def _name(root: ElementTree.Element, prefix: str, title: str, description: str) -> None:
    """Give the drawing its role, its name and a size that follows the column."""
    width = float(root.get("viewBox").split()[2])
    for key in ("width", "height"):
        del root.attrib[key]
    root.attrib.update(
        {
            "role": "img",
            "aria-labelledby": f"{prefix}-title {prefix}-desc",
            "style": f"display:block;margin:auto;width:100%;max-width:{width * 4 / 3:.0f}px;height:auto;"
            "fill:currentColor;stroke-linejoin:round;stroke-linecap:butt",
        }
    )
    for position, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(f"{{{SVG}}}{tag}", {"id": f"{prefix}-{tag}"})
        element.text = text
        root.insert(position, element)
