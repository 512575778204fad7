"""Mathematics on the site: Sphinx leaves TeX in the pages; once all are there, the vendored KaTeX draws it.

KaTeX runs here, in V8 without a browser, so that a page needs no script for its formulas.
"""

import json
from html import unescape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html import HTMLTranslator

from utils.errors import FrugalError
from utils.files import write_atomic
from utils.site.markup import Places

HERE = Path(__file__).parent / "static" / "katex"
FILES = ("katex/katex.min.css", "math.js")
# One call for a whole site; a formula that KaTeX refuses gives its message in place of the drawing.
DRAW = """(text => JSON.stringify(JSON.parse(text).map(([tex, displayMode]) => {
  const options = { displayMode, output: "htmlAndMathml", throwOnError: true, strict: "error" };
  try { return [katex.renderToString(tex, options), ""]; } catch (error) { return ["", error.message]; }
})))"""
Formula = tuple[str, bool]  # TeX, and whether it is a display


def inline(self: HTMLTranslator, node: nodes.math) -> None:
    """``$x$``: a span around the TeX."""
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    self.body.append(self.encode(node.astext()) + "</span>")
    raise nodes.SkipNode


def block(self: HTMLTranslator, node: nodes.math_block) -> None:
    """``$$x$$``: a division of its own, with the equation's number and a link to it."""
    self.body.append(self.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append(f'<div class="tex">{self.encode(node.astext().strip())}</div></div>\n')
    raise nodes.SkipNode


class Formulas(Places):
    """The formulas of a page: where the TeX stands, and what it is."""

    def __init__(self, html: str) -> None:
        self.found: list[tuple[int, int, Formula]] = []
        self._start, self._display, self._html = -1, False, html
        super().__init__(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        """A formula holds text alone: the next end tag is its own."""
        classes = (dict(attrs).get("class") or "").split()
        if (tag == "span" and "math" in classes) or (tag == "div" and classes == ["tex"]):
            self._start, self._display = self.place() + len(self.get_starttag_text()), tag == "div"

    def handle_endtag(self, tag: str) -> None:
        """Note the formula."""
        if self._start >= 0:
            end = self.place()
            self.found.append((self._start, end, (unescape(self._html[self._start : end]), self._display)))
            self._start = -1


def draw(site: Path) -> None:
    """Put the drawing of each formula, which holds its MathML, into the pages below ``site``.

    Raises
    ------
    FrugalError
        when KaTeX refuses a formula: its page, its TeX and KaTeX's message.
    """
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    found = {path: Formulas(html).found for path, html in pages.items()}
    wanted = dict.fromkeys(formula for formulas in found.values() for *_, formula in formulas)
    drawn = dict(zip(wanted, drawings(list(wanted)), strict=True))
    for path, formulas in found.items():
        if refused := [(tex, drawn[tex, it][1]) for *_, (tex, it) in formulas if drawn[tex, it][1]]:
            raise FrugalError(f"{path.relative_to(site)}: '{refused[0][0]}' is no formula: {refused[0][1]}")
        if formulas:
            write_atomic(path, _filled(pages[path], [(*it[:2], drawn[it[2]][0]) for it in formulas]))


def drawings(formulas: list[Formula]) -> list[list[str]]:
    """HTML and error message of each formula, one of the two empty."""
    from py_mini_racer import MiniRacer  # V8 starts threads: not before pages are written in processes

    engine = MiniRacer()
    engine.eval((HERE / "katex.min.js").read_text(encoding="utf-8"))
    return json.loads(engine.eval(f"{DRAW}({json.dumps(json.dumps(formulas))})"))


def _filled(html: str, parts: list[tuple[int, int, str]]) -> str:
    pieces, last = [], 0
    for start, end, drawing in parts:
        pieces += [html[last:start], drawing]
        last = end
    return "".join([*pieces, html[last:]])


def load(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Add the style sheet to the pages that contain mathematics, and to no others."""
    if doctree is None or not any(
        doctree.findall(lambda node: isinstance(node, nodes.math | nodes.math_block))
    ):
        return
    app.add_css_file(FILES[0])
    app.add_js_file(FILES[1], loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the renderer ``katex``, which ``_config.yml`` chooses."""
    app.add_html_math_renderer("katex", (inline, None), (block, None))
    app.connect("html-page-context", load)
