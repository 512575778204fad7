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


def claims_markdown(rows: Sequence[Row]) -> str:
    """The claims table of a chapter: one row per claim, the scales side by side, what was cut once below.

    It has at most three columns: a phone shows no more before the reader scrolls.
    """
    if not rows:
        return f"The claims of this chapter are {NOT_MEASURED}.\n"
    profiles = [profile for profile in rows[0].measured if any(row.measured[profile] for row in rows)]
    lines = [[_stated(row.claim), *(_found(row.measured[profile]) for profile in profiles)] for row in rows]
    table = markdown_table(["claim", *(f"measured, {profile}" for profile in profiles)], lines)
    return "\n".join([table, *_totals(rows, profiles), *_missing(rows), *_cuts(rows)]) + "\n"


def scoreboard_markdown(rows: Sequence[Row]) -> str:
    """The scoreboard: one line per claim, one column per scale, the totals below."""
    profiles = list(rows[0].measured) if rows else []
    lines = [
        [row.chapter[:2], _stated(row.claim), *(_found(row.measured[p], short=True) for p in profiles)]
        for row in rows
    ]
    table = markdown_table(["chapter", "claim", *profiles], lines)
    return "\n".join([table, *_totals(rows, profiles), _expected_misses(rows)]) + "\n"


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


def _stated(claim: dict) -> str:
    """What is claimed, by whom, and what counts."""
    counts = _with_unit(f"{claim['smallest']:g}", claim["unit"])
    return f"{claim['says']}<br>*{source_text(claim)}; {claim['metric']}, counts from {counts}*"


def _found(claim: dict | None, short: bool = False) -> str:
    """Verdict and effect; on a chapter's page also both arms."""
    if claim is None:
        return "not at this scale"
    arms = "" if short else "<br>" + " against ".join(_arm(claim, arm) for arm in claim["compare"])
    cut = ", cut" if short and claim["cut"] else ""
    return f"**{verdict_text(claim)}**<br>{effect_text(claim)}, {len(claim['seeds'])} seeds{cut}{arms}"


def _arm(claim: dict, arm: str) -> str:
    values = claim["values"][arm]
    return f"{number_text(sum(values) / len(values))} ({arm})"


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
