"""Prose obeys the verdict: a paragraph that cites an undecided claim says that it is undecided."""

import re
from collections.abc import Iterator

from utils.evidence.keys import key_of
from utils.evidence.verdict import CANNOT_TELL, UNDECIDED

ROLE = re.compile(r"\{(measured|effect|verdict)\}`\d\d_[a-z0-9_]+:([a-z0-9-]+)(?::(quick|full))?`")
DIRECTIVE = re.compile(r"^(`{3,}|:{3,})\{(?!admonition|note|tip|warning|important).*?^\1[ \t]*$", re.M | re.S)
OPEN = (UNDECIDED, CANNOT_TELL)


def problems(text: str, results: dict[str, dict]) -> Iterator[str]:
    """A sentence for each paragraph that tells an open claim as if it were decided.

    A paragraph cites a claim by its ``{effect}``, or by the measured values of both of its arms.

    Parameters
    ----------
    text : str
        The page.
    results : dict of str to dict
        The recorded results by profile.
    """
    for paragraph in re.split(r"\n\s*\n", DIRECTIVE.sub("", text)):
        cited = {(key, profile or "quick") for _, key, profile in ROLE.findall(paragraph)}
        shown = {
            (key, profile or "quick") for role, key, profile in ROLE.findall(paragraph) if role == "verdict"
        }
        for profile, found in results.items():
            for claim in found["claims"]:
                mentioned = _is_cited(claim, {key for key, scale in cited if scale == profile})
                told = (claim["key"], profile) in shown or claim["verdict"] in paragraph
                if claim["verdict"] in OPEN and mentioned and not told:
                    start = " ".join(paragraph.split()[:6])
                    yield (
                        f"cites the claim '{claim['key']}' in the paragraph '{start} ...', but does not say "
                        f"what became of it at {profile}: '{claim['verdict']}'."
                    )


def _is_cited(claim: dict, keys: set[str]) -> bool:
    arms = {key_of(claim["task"], claim["metric"], arm) for arm in claim["compare"]}
    return claim["key"] in keys or arms <= keys
