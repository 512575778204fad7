"""Results as text: numbers for sentences, Markdown for pages, lines for the terminal. Reads no files."""

import math
from collections.abc import Sequence

from utils.evidence.scoreboard import Agreement, Row
from utils.evidence.verdict import CONFIDENCE

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


def metric_text(metric: dict) -> str:
    """A recorded metric for a sentence: "0.276", "45.7 %", or the mean over seeds with its range."""
    if "value" in metric:
        return _with_unit(exact_or_rounded(metric["value"]), metric["unit"])
    values = metric["values"]
    mean = number_text(sum(values) / len(values))
    spread = f"{number_text(min(values))} to {number_text(max(values))} over {len(values)} seeds"
    return f"{_with_unit(mean, metric['unit'])} ({spread})"


def effect_text(claim: dict) -> str:
    """The effect of a judged claim with its interval: "+0.031 nats (+0.02 to +0.042)"."""
    low, high = (_signed(value) for value in claim["interval"])
    return f"{_with_unit(_signed(claim['effect']), claim['unit'])} ({low} to {high})"


def verdict_text(claim: dict) -> str:
    """The word, with what must not be read without it: "supported", "the task cannot tell (reason)"."""
    note = "; ".join(part for part in (claim["reason"], claim.get("note", "")) if part)
    return claim["verdict"] + (f" ({note})" if note else "")


def totals_markdown(rows: Sequence[Row]) -> str:
    """What stands under a list of claims: verdicts by scale, what was not measured, what was cut."""
    if not rows:
        return f"The claims of this chapter are {NOT_MEASURED}.\n"
    profiles = [profile for profile in rows[0].measured if any(row.measured[profile] for row in rows)]
    return "\n".join([*_totals(rows, profiles), *_missing(rows), *_cuts(rows)]) + "\n"


def board_markdown(rows: Sequence[Row]) -> str:
    """What stands under the claims of all chapters: verdicts by scale, how many intervals may be wrong."""
    profiles = list(rows[0].measured) if rows else []
    return "\n".join([*_totals(rows, profiles), _expected_misses(rows)]) + "\n"


def scoreboard_text(rows: Sequence[Row]) -> str:
    """The scoreboard for a terminal."""
    blocks = []
    for row in rows:
        lines = [f"{row.chapter} {row.claim['key']}: {row.claim['says']}", f"  {source_text(row.claim)}"]
        lines += [f"  {profile:<6} {_score(claim)}" for profile, claim in row.measured.items()]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def agreement_text(agreements: Sequence[Agreement]) -> str:
    """The book's verdicts beside somebody else's, one line per claim, and how many stand in each relation."""
    lines = [
        f"{a.relation:<16} {a.chapter} {a.profile:<5} {a.key}: "
        + (a.effects or f"recorded {a.ours or NOT_MEASURED}, there {a.theirs}")
        for a in agreements
    ]
    relations = [a.relation for a in agreements]
    counts = (f"{relations.count(word)} {word}" for word in dict.fromkeys(relations))
    return "\n".join([*lines, ", ".join(counts) + "."])


def source_text(claim: dict) -> str:
    """Who claims it: the paper with its figure and place, we, or a formula."""
    if claim["prediction"]:
        return "a prediction of a formula, no evidence"
    if not claim["source"]:
        return "our question"
    source = claim["source"]
    return f"paper: {source['paper']} ({source['place']}{CERTAINTY.get(source['certainty'], '')})"


def provenance_text(results: dict) -> str:
    """One sentence that says which run the metrics come from."""
    p = results["provenance"]
    machine = p["cpu"] if p["device"] == "cpu" else f"{p['device']} with {p['cpu']}"
    commit = (p.get("commit") or "unknown")[:10] + (" with local changes" if p.get("dirty") else "")
    threads = "1 thread" if p["threads"] == 1 else f"{p['threads']} threads"
    return (
        f"Profile {results['profile']}, {p['date'][:10]}, {machine}, {threads}, "
        f"Python {p['python']}, PyTorch {p['torch']}, commit {commit}, {p['seconds']:.0f} s."
    )


def markdown_table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A pipe table; bars inside cells are escaped."""
    rows = [head, ["---"] * len(head), *lines]
    return (
        "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in rows) + "\n"
    )


def _totals(rows: Sequence[Row], profiles: Sequence[str]) -> list[str]:
    """The verdicts counted per scale, the paper's claims and our questions apart; predictions are none."""
    said = []
    for profile in profiles:
        measured = [row.measured[profile] for row in rows if row.measured[profile]]
        for owner, ours in (("the paper's claims", False), ("our questions", True)):
            words = [c["verdict"] for c in measured if not c["prediction"] and bool(c["source"]) != ours]
            counts = ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words))
            said += [f"At `{profile}`, {owner}: {counts}.\n"] if words else []
    return said


def _expected_misses(rows: Sequence[Row]) -> str:
    """How many of the intervals are expected to miss the truth, by their own rule."""
    count = sum(
        claim is not None and not claim["prediction"] for row in rows for claim in row.measured.values()
    )
    misses = number_text(count * (1 - CONFIDENCE))
    return f"Of {count} intervals at {CONFIDENCE:.0%}, about {misses} are expected to miss the true effect.\n"


def _missing(rows: Sequence[Row]) -> list[str]:
    """A sentence for each scale at which no claim was measured."""
    profiles = [profile for profile in rows[0].measured if not any(row.measured[profile] for row in rows)]
    return [f"At `{profile}` scale nothing is measured.\n" for profile in profiles]


def _cuts(rows: Sequence[Row]) -> list[str]:
    """What a smaller machine cut from ``full``, once for all claims that share it."""
    cuts = {
        claim["cut"]: claim["task"] for row in rows if (claim := row.measured.get("full")) and claim["cut"]
    }
    return [f"Cut from `full`{f' ({task})' if task else ''}: {cut}.\n" for cut, task in cuts.items()]


def _score(claim: dict | None) -> str:
    if claim is None:
        return "not measured at this scale"
    cut = ", cut" if claim["cut"] else ""
    return f"{verdict_text(claim)}: {effect_text(claim)}, {len(claim['seeds'])} seeds{cut}"


def exact_or_rounded(value: float) -> str:
    """Counts (bytes, parameters) are exact and stay so."""
    return f"{value:,.0f}" if float(value).is_integer() else number_text(value)


def _with_unit(text: str, unit: str) -> str:
    return f"{text} {unit}".strip()


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + number_text(value)
