"""Mathematics on the site: TeX stays in the page, and the vendored KaTeX draws it."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html import HTMLTranslator

FILES = ("katex/katex.min.css", "katex/katex.min.js", "math.js")


def inline(self: HTMLTranslator, node: nodes.math) -> None:
    """``$x$``: a span that ``math.js`` replaces; without scripts the reader sees the TeX."""
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


def load(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Add KaTeX to the pages that contain mathematics, and to no others."""
    if doctree is None or not any(
        doctree.findall(lambda node: isinstance(node, nodes.math | nodes.math_block))
    ):
        return
    app.add_css_file(FILES[0])
    for script in FILES[1:]:
        app.add_js_file(script, loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the renderer ``katex``, which ``_config.yml`` chooses."""
    app.add_html_math_renderer("katex", (inline, None), (block, None))
    app.connect("html-page-context", load)
