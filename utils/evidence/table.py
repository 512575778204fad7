"""Results as text: numbers for sentences, Markdown for pages, lines for the terminal. Reads no files."""

import math
from collections.abc import Sequence

from utils.evidence.scoreboard import Agreement, Row

NOT_MEASURED = "not yet measured"
CERTAINTY = {"read": "", "secondary": ", as others report it"}


def number_text(value: float) -> str:
    """Three significant digits, without exponents in the range that people read: 0.0123, 45.7, 12,300."""
    if value == 0:
        return "0"
    if not 1e-4 <= abs(value) < 1e9:
        return f"{value:.2e}"
    rounded = float(f"{value:.3g}")
    decimals = max(0, 2 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:,.{decimals}f}"


def figure_text(figure: dict) -> str:
    """A recorded figure for a sentence: "0.276", "45.7 %", or the mean over seeds with its range."""
    if "value" in figure:
        return _with_unit(_exact_or_rounded(figure["value"]), figure["unit"])
    values = figure["values"]
    mean = number_text(sum(values) / len(values))
    spread = f"{number_text(min(values))} to {number_text(max(values))} over {len(values)} seeds"
    return f"{_with_unit(mean, figure['unit'])} ({spread})"


def effect_text(claim: dict) -> str:
    """The effect of a judged claim with its interval: "+0.031 nats (+0.02 to +0.042)"."""
    low, high = (_signed(value) for value in claim["interval"])
    return f"{_with_unit(_signed(claim['effect']), claim['unit'])} ({low} to {high})"


def claims_markdown(rows: Sequence[Row]) -> str:
    """The claims table of a chapter, one line for each claim and scale, and what is not measured yet.

    The verdict stands far left: a phone shows three columns before the reader scrolls.
    """
    if not rows:
        return f"The claims of this chapter are {NOT_MEASURED}.\n"
    head = ["claim", "scale", "verdict", "effect (95 % interval)", "measured", "the paper"]
    lines = []
    for row in rows:
        measured = {profile: claim for profile, claim in row.measured.items() if claim}
        for position, (profile, claim) in enumerate(measured.items()):
            text, paper = (row.claim["text"], paper_text(row.claim)) if position == 0 else ("", "")
            found = _scale(profile, claim), _verdict(claim), _judged_effect(claim), _arms(claim)
            lines.append([text, *found, paper])
    return markdown_table(head, lines) + _missing(rows)


def scoreboard_markdown(rows: Sequence[Row]) -> str:
    """The scoreboard: one line a claim, one column a scale; the verdicts far left, for phones."""
    profiles = list(rows[0].measured) if rows else []
    lines = [
        [row.chapter[:2], row.claim["text"], *(_score(row, p) for p in profiles), paper_text(row.claim)]
        for row in rows
    ]
    return markdown_table(["chapter", "claim", *profiles, "paper"], lines)


def scoreboard_text(rows: Sequence[Row]) -> str:
    """The scoreboard for a terminal."""
    blocks = []
    for row in rows:
        lines = [
            f"{row.chapter} {row.claim['key']}: {row.claim['text']}",
            f"  paper: {paper_text(row.claim)}",
        ]
        lines += [f"  {profile:<6} {_score(row, profile)}" for profile in row.measured]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def agreement_text(agreements: Sequence[Agreement]) -> str:
    """Our verdicts beside somebody else's, one line a claim."""
    return "\n".join(
        f"{a.relation:<16} {a.chapter} {a.profile:<5} {a.key}: "
        f"here {a.ours or NOT_MEASURED}, there {a.theirs}"
        for a in agreements
    )


def paper_text(claim: dict) -> str:
    """The paper's own figure and where it stands."""
    return f"{claim['paper']} ({claim['place']}{CERTAINTY.get(claim['certainty'], '')})"


def provenance_text(results: dict) -> str:
    """One sentence that says which run the figures come from."""
    p = results["provenance"]
    machine = p["cpu"] if p["device"] == "cpu" else f"{p['device']} with {p['cpu']}"
    commit = (p.get("commit") or "unknown")[:10] + (" with local changes" if p.get("dirty") else "")
    return (
        f"Profile {_scale(results['profile'], results)}, {p['date'][:10]}, {machine}, "
        f"{p['threads']} threads, Python {p['python']}, PyTorch {p['torch']}, commit {commit}, "
        f"{p['seconds']:.0f} s."
    )


def markdown_table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A pipe table; bars inside cells are escaped."""
    rows = [head, ["---"] * len(head), *lines]
    return (
        "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in rows) + "\n"
    )


def _scale(profile: str, entry: dict) -> str:
    """The profile, and what a smaller machine cut from it."""
    return f"{profile}, reduced ({entry['reduced']})" if entry.get("reduced") else profile


def _missing(rows: Sequence[Row]) -> str:
    """A sentence for each scale at which no claim was measured."""
    profiles = [profile for profile in rows[0].measured if not any(row.measured[profile] for row in rows)]
    return "".join(f"\nAt `{profile}` scale nothing is measured yet.\n" for profile in profiles)


def _arms(claim: dict) -> str:
    treatment, baseline = (f"{_mean(claim[arm])} ({claim[arm]['name']})" for arm in ("treatment", "baseline"))
    return f"{claim['metric']}, {claim['unit']}: {treatment} against {baseline}"


def _judged_effect(claim: dict) -> str:
    return f"{effect_text(claim)}; {claim['smallest_effect']:g} counts"


def _score(row: Row, profile: str) -> str:
    claim = row.measured[profile]
    if claim is None:
        return NOT_MEASURED
    return f"{_verdict(claim)}: {effect_text(claim)}" + (", reduced" if claim["reduced"] else "")


def _verdict(claim: dict) -> str:
    note = f"; {claim['note']}" if claim["note"] else ""
    return f"{claim['verdict']} ({len(claim['seeds'])} seeds{note})"


def _mean(arm: dict) -> str:
    return number_text(sum(arm["values"]) / len(arm["values"]))


def _exact_or_rounded(value: float) -> str:
    """Counts (bytes, parameters) are exact and stay so."""
    return f"{value:,.0f}" if float(value).is_integer() else number_text(value)


def _with_unit(text: str, unit: str) -> str:
    return f"{text} {unit}".strip()


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + number_text(value)
