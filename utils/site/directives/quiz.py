"""``{quiz} question``: the reader commits a prediction before the answer shows; without scripts it is a fold.

The body begins with the choices, ``- [ ] text`` or ``- [x] text`` for the right one, if there are any; what
follows is the answer and why. Without choices the reader writes a prediction.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

CHOICE = re.compile(r"[-*] \[(?P<mark>[ xX])\] (?P<text>.*)")
SCRIPT = "quiz.js"
CLASS = "quiz"


class Quiz(SphinxDirective):
    """One question."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """The nodes that stand in the page."""
        choices, first = split(list(self.content))
        if problem := fault(choices, list(self.content)[first:]):
            raise self.error(f"quiz '{self.arguments[0][:40]}': {problem}.")
        holder = nodes.container(classes=[CLASS])
        holder += nodes.paragraph("", "", *self._inline(self.arguments[0]), classes=["quiz-question"])
        if choices:
            holder += self._list(choices)
        holder += nodes.raw("", '<details class="quiz-answer"><summary>Answer</summary>', format="html")
        self.state.nested_parse(self.content[first:], self.content_offset + first, holder)
        holder += nodes.raw("", "</details>", format="html")
        return [holder]

    def _inline(self, text: str) -> list[nodes.Node]:
        return self.state.inline_text(text, self.lineno)[0]

    def _list(self, choices: list[tuple[bool, str]]) -> nodes.bullet_list:
        items = nodes.bullet_list(classes=["quiz-choices"])
        for right, text in choices:
            item = nodes.list_item(classes=["right"] if right else [])
            items += item
            item += nodes.paragraph("", "", *self._inline(text))
        return items


def split(lines: list[str]) -> tuple[list[tuple[bool, str]], int]:
    """The choices (right or not, text) at the top of the body, and the line where the answer begins."""
    choices = []
    for number, line in enumerate(lines):
        match = CHOICE.fullmatch(line.rstrip())
        if match:
            choices.append((match["mark"] != " ", match["text"]))
        elif choices and line.startswith("  ") and line.strip():  # a long choice goes on
            choices[-1] = (choices[-1][0], f"{choices[-1][1]} {line.strip()}")
        elif line.strip():
            return choices, number
    return choices, len(lines)


def fault(choices: list[tuple[bool, str]], answer: list[str]) -> str:
    """What is wrong with a quiz, as a sentence without its full stop; empty if nothing is."""
    right = sum(mark for mark, _ in choices)
    if choices and (right != 1 or len(choices) < 2):
        return "give at least two choices and mark one, and only one, as right with [x]"
    return "" if any(line.strip() for line in answer) else "the answer and its reason are missing"


def load(app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Add the script to the pages with a quiz, and to no others."""
    if doctree and any(CLASS in node["classes"] for node in doctree.findall(nodes.container)):
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the directive and its script."""
    app.add_directive("quiz", Quiz)
    app.connect("html-page-context", load)
