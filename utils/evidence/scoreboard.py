"""Every claim of every chapter with its verdicts, and whether two sets of verdicts agree."""

from collections.abc import Iterable
from dataclasses import dataclass

from utils.evidence import store
from utils.evidence.verdict import CONTRADICTED, FAILS, HOLDS, NOT_MEASURED, NOT_SUPPORTED, SUPPORTED

CRITERION = ("metric", "unit", "good", "relation", "smallest")
AGREES, TURNS, CONTRADICTS = "agrees", "turns", "contradicts"
MISSING, OTHER_CRITERION = "only there", "other criterion"
OTHER_PROCESSOR = "other processor"  # seconds of another instruction set say nothing about ours


@dataclass(frozen=True)
class Row:
    """One claim with what was measured at each profile (None where it was not)."""

    chapter: str
    claim: dict  # sentence, source and criterion, as in the results file
    measured: dict[str, dict | None]


@dataclass(frozen=True)
class Agreement:
    """How our verdict on a claim stands to somebody else's."""

    chapter: str
    profile: str
    key: str
    ours: str | None
    theirs: str
    relation: str
    effects: str = ""  # of a claim about time on another processor: there is no verdict to compare


def rows(slugs: Iterable[str], local: bool = False) -> list[Row]:
    """The claims of these chapters, each in the order in which its notebook declared them.

    Parameters
    ----------
    local : what this machine measured instead of what the book records.
    """
    return [row for slug in slugs for row in _chapter_rows(slug, local)]


def compare(theirs: Iterable[dict]) -> list[Agreement]:
    """Set each claim in ``theirs`` (results as :mod:`store` reads them) beside the book's verdict on it."""
    return [
        _agreement(results, claim, store.load(results["chapter"], results["profile"]))
        for results in theirs
        for claim in results["claims"]
        if claim["verdict"] != NOT_MEASURED
    ]


def relation(ours: str, theirs: str) -> str:
    """Whether two verdicts agree, turn into each other's opposite, or differ only in strength.

    "Supported" excludes "contradicted" and "not supported", and a prediction that holds one that fails.
    "Undecided" excludes nothing, and "contradicted" only says "not supported" more strongly.
    """
    if ours == theirs:
        return AGREES
    opposites = ({SUPPORTED, CONTRADICTED}, {SUPPORTED, NOT_SUPPORTED}, {HOLDS, FAILS})
    return CONTRADICTS if {ours, theirs} in opposites else TURNS


def _agreement(results: dict, claim: dict, ours: dict | None) -> Agreement:
    place = (results["chapter"], results["profile"], claim["key"])
    own = _claims(ours).get(claim["key"])
    if own is None:
        return Agreement(*place, None, claim["verdict"], MISSING)
    word = relation(own["verdict"], claim["verdict"])
    if any(own[field] != claim[field] for field in CRITERION):
        word = OTHER_CRITERION
    elif claim["timed"] and not _same_processor(ours, results):
        effects = f"effect here {own['effect']:.3g} {own['unit']}, there {claim['effect']:.3g} {own['unit']}"
        return Agreement(*place, own["verdict"], claim["verdict"], OTHER_PROCESSOR, effects)
    return Agreement(*place, own["verdict"], claim["verdict"], word)


def _same_processor(ours: dict, theirs: dict) -> bool:
    """Whether seconds can be compared: the same device and vector instructions, both of them stated."""
    fields = ("device", "instructions")
    here, there = ([results["provenance"].get(field) for field in fields] for results in (ours, theirs))
    return here == there and None not in here


def _chapter_rows(slug: str, local: bool) -> list[Row]:
    """A claim that only one profile tests is listed too, after those before it."""
    loaded = {profile: store.load(slug, profile, local) for profile in store.PROFILES}
    measured = {profile: _claims(results) for profile, results in loaded.items()}
    quick = measured["quick"]
    # `full` shows only what `full` measured.
    measured["full"] = {k: c for k, c in measured["full"].items() if not _repeats(c, quick.get(k))}
    known: dict[str, dict] = {}
    for results in filter(None, loaded.values()):
        for claim in results["claims"]:
            known.setdefault(claim["key"], claim)
    return [
        Row(slug, claim, {profile: claims.get(key) for profile, claims in measured.items()})
        for key, claim in known.items()
    ]


def _repeats(full: dict, quick: dict | None) -> bool:
    """Whether a claim at ``full`` holds the very values of ``quick``: the same run, told twice."""
    return quick is not None and all(full[name] == quick[name] for name in ("seeds", "values"))


def _claims(results: dict | None) -> dict[str, dict]:
    """The measured claims by key."""
    claims = results["claims"] if results else []
    return {claim["key"]: claim for claim in claims if claim["verdict"] != NOT_MEASURED}
