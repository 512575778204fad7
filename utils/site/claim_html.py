"""Claims as HTML: a sentence, its source, an interval plot for each scale, a fold with all behind it."""

import json
from collections.abc import Iterator, Sequence
from html import escape

from docutils import nodes
from scipy import stats
from sphinx.application import Sphinx

from utils.evidence.scoreboard import Row
from utils.evidence.table import (
    effect_text,
    exact_or_rounded,
    number_text,
    provenance_text,
    source_text,
    verdict_text,
)
from utils.evidence.verdict import CONFIDENCE, WORDS
from utils.site.interval_plot import draw, key, word_class

MORE = 6  # values that a reader may add to those measured
LEGEND = "Gray: too small to count. Right of it: as claimed; left: against. Far out the axis is logarithmic."


SCRIPT = "claims.js"


def load(app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Add the script to the pages with claims, and to no others."""
    raw = doctree.findall(nodes.raw) if doctree else ()
    if any('<ol class="claims' in node.astext() for node in raw):
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the script."""
    app.connect("html-page-context", load)


def address(slug: str, claim: str) -> str:
    """The id of a claim, the same on every page and in every build."""
    return f"claim-{slug[:2]}-{claim}"


def claims_html(rows: Sequence[Row], results: dict[str, dict]) -> str:
    """The claims of one chapter, each with its fold.

    Parameters
    ----------
    results : profile -> results, of the profiles that were measured.
    """
    items = "".join(_item(row, _fold(row, results)) for row in rows)
    return f'{legend(rows)}<ol class="claims">{items}</ol>'


def board_html(rows: Sequence[Row]) -> str:
    """The claims of all chapters, a link to its chapter in place of each fold."""
    return f'{legend(rows)}<div class="board">{list_html(rows)}</div>'


def list_html(rows: Sequence[Row]) -> str:
    """Claims of any chapters, each a link to its own."""
    return f'<ol class="claims">{"".join(_item(row, "") for row in rows)}</ol>'


def legend(rows: Sequence[Row]) -> str:
    """The marks of the verdicts that occur, with their counts, and how to read the axis."""
    found = [claim["verdict"] for row in rows for claim in row.measured.values() if claim]
    words = [word for word in WORDS if word in found]
    marks = " ".join(f"<span>{key(word)} {found.count(word)} {word}</span>" for word in words)
    return f'<p class="claim-legend">{marks} <span>{LEGEND}</span></p>'


def _item(row: Row, fold: str) -> str:
    claim, name = row.claim, address(row.chapter, row.claim["key"])
    owner = "paper" if claim["source"] else "ours"
    words = " ".join(word_class(c["verdict"]) for c in row.measured.values() if c)
    scales = "".join(_scale(profile, found) for profile, found in row.measured.items())
    place = f"{row.chapter}.html#{name}" if not fold else f"#{name}"
    number = f'<span class="claim-chapter">{row.chapter[:2]}</span> ' if not fold else ""
    says = f'{number}<a href="{place}">{escape(claim["says"])}</a>'
    counts = f"{claim['metric']}, counts from {claim['smallest']:g} {claim['unit']}".rstrip()
    return (
        f'<li class="claim" id="{name}" data-chapter="{row.chapter[:2]}" data-owner="{owner}" '
        f'data-words="{words}"><p class="claim-says">{says}</p>'
        f'<p class="claim-source">{escape(source_text(claim))}; {escape(counts)}</p>{scales}{fold}</li>\n'
    )


def _scale(profile: str, claim: dict | None) -> str:
    if claim is None:
        return ""
    cut = ", cut" if claim["cut"] else ""
    word = f'<span class="claim-word {word_class(claim["verdict"])}">{escape(verdict_text(claim))}</span>'
    effect = f"{escape(effect_text(claim))}, {len(claim['seeds'])} seeds{cut}"
    return (
        f'<p class="claim-scale"><span class="claim-profile">{profile}</span>{draw(claim)}'
        f'<span>{word} <span class="claim-effect">{effect}</span></span></p>'
    )


def _fold(row: Row, results: dict[str, dict]) -> str:
    parts = "".join(
        _behind(row.chapter, profile, claim, results[profile])
        for profile, claim in row.measured.items()
        if claim
    )
    return (
        f'<details class="claim-more"><summary>Arms, seeds, judge it yourself</summary>{parts}</details>'
        if parts
        else '<p class="claim-source">Not measured yet.</p>'
    )


def _behind(slug: str, profile: str, claim: dict, results: dict) -> str:
    """Both arms, every seed's difference, and the run."""
    dull = f"<p>Dull explanation that it tests: {escape(claim['dull'])}</p>" if claim["dull"] else ""
    command = f"frugal run {slug[:2]} --profile {profile}"
    return (
        f'<div class="claim-run"><p><strong>{profile}</strong></p>{dull}{_arms_table(claim, results)}'
        f'<div class="judge" data-rule="{escape(json.dumps(rule(claim)))}"></div>'
        f"<p>{escape(provenance_text(results))} To repeat it: <code>{command}</code></p></div>"
    )


def rule(claim: dict) -> dict:
    """What the page needs to judge again: differences by seed, criterion, quantiles of Student's t."""
    first, second = (claim["values"][arm] for arm in claim["compare"])
    sign = 1 if claim["good"] == "higher" else -1
    n = len(first)
    return {
        "relation": claim["relation"],
        "smallest": claim["smallest"],
        "unit": claim["unit"],
        "prediction": claim["prediction"],
        "seeds": claim["seeds"],
        "differences": [sign * (a - b) for a, b in zip(first, second, strict=True)],
        "quantiles": [round(float(q), 5) for q in stats.t.ppf((1 + CONFIDENCE) / 2, range(1, n + MORE))],
    }


def _arms_table(claim: dict, results: dict) -> str:
    arms = {arm["name"]: arm for arm in results["arms"].values() if arm["task"] == claim["task"]}
    spent = [
        name
        for name in claim.get("equal", ())
        if all(name in arms.get(a, {}).get("spent", {}) for a in claim["compare"])
    ]
    head = [
        "arm",
        "what it is",
        f"mean {claim['metric']}",
        "chosen",
        *(name.replace("_", " ") for name in spent),
    ]
    lines = [_arm(name, arms.get(name), claim["values"][name], spent) for name in claim["compare"]]
    return table([head, *lines])


def _arm(name: str, arm: dict | None, values: Sequence[float], spent: Sequence[str]) -> list[str]:
    setting = ", ".join(f"{key} {value}" for key, value in arm["setting"].items()) if arm else ""
    given = [exact_or_rounded(arm["spent"][quantity]) for quantity in spent] if arm else []
    mean = number_text(sum(values) / len(values))
    return [name, arm["is"] if arm else "", mean, setting or "nothing to choose", *given]


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table that scrolls by itself; the first row is the head."""
    inner = f'<table class="table">{"".join(_rows(rows))}</table>'
    return f'<div class="pst-scrollable-table-container">{inner}</div>'


def _rows(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    head, *lines = rows
    yield f"<thead><tr>{''.join(f'<th>{escape(cell)}</th>' for cell in head)}</tr></thead><tbody>"
    for line in lines:
        yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in line)}</tr>"
    yield "</tbody>"
