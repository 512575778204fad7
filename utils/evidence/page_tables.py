"""The tables of a page that claims file and results make: what could have fooled us, settings."""

from collections.abc import Iterator, Sequence

from utils.evidence.claims import Claim, ClaimsFile
from utils.evidence.explanations import KINDS
from utils.evidence.scoreboard import Row
from utils.evidence.table import effect_text, exact_or_rounded, markdown_table, verdict_text

SEEDS = ("seeds", "tuning")
NOT_YET = "This table is made from the chapter's claims file and results; it has none yet.\n"


def fooled_markdown(file: ClaimsFile, rows: Sequence[Row], results: dict | None) -> str:
    """One row per dull explanation: the arms that were run against it, and what came out.

    Words come from the claims file, numbers from the results.

    Parameters
    ----------
    rows : sequence of Row
        The chapter's claims as measured.
    results : dict or None
        The chapter's results at quick.
    """
    measured = {row.claim["key"]: row.measured for row in rows}
    lines = [
        [
            f"{claim.dull} *({claim.tests})*",
            _tested_by(claim, file),
            _outcome(claim, measured.get(claim.key, {})),
        ]
        for claim in file.claims.values()
        if not claim.prediction
    ]
    lines += list(_checks(results)) if results else []
    return markdown_table(["what else could it be?", "what we ran", "what came out"], lines)


def _tested_by(claim: Claim, file: ClaimsFile) -> str:
    first, second = (file.arms[arm] for arm in claim.compare)
    destroyed = f" ({second.role}; destroys: {second.destroys})" if second.destroys else f" ({second.role})"
    return f"{first.what}, against {second.what}{destroyed}"


def _outcome(claim: Claim, measured: dict[str, dict | None]) -> str:
    found = [
        f"`{profile}`: **{verdict_text(entry)}**, {effect_text(entry)}"
        for profile, entry in measured.items()
        if entry
    ]
    because = [claim.because] if claim.because else []
    return "<br>".join([f"{claim.says}:", *(found or ["not yet measured"]), *because])


def _checks(results: dict) -> Iterator[list[str]]:
    """What the machinery tests in every chapter: grids wide enough, arms that work."""
    tuned = [arm for arm in results["arms"].values() if arm["grid"]]
    if tuned:
        edge = [f"{arm['name']} ({', '.join(arm['edges'])})" for arm in tuned if arm["edges"]]
        inside = f"{len(tuned) - len(edge)} of {len(tuned)} choices lie inside their grids"
        said = inside + (f"; on the edge: {', '.join(edge)}" if edge else "")
        seeds = len(tuned[0]["tuning_seeds"])
        yield [
            f"{KINDS['rate']} *(rate)*",
            f"every arm tuned on {seeds} seeds that nothing is judged on",
            said,
        ]
    broken = [flag for flag in results["flags"] if flag.endswith("find the bug first.")]
    if results["arms"]:
        bounds = ", ".join(arm["is"] for arm in results["arms"].values() if arm["role"] == "power")
        said = " ".join(broken) if broken else "every arm is better"
        yield [f"{KINDS['broken arm']} *(broken arm)*", f"bounds: {bounds}; the loss at step 0", said]


def settings_markdown(results: dict) -> str:
    """The settings of an experiment: its sizes, then every arm with what it chose and what it was given."""
    if not results["arms"]:
        return NOT_YET
    tables = []
    for task, sizes in results["sizes"].items():
        arms = [arm for arm in results["arms"].values() if arm["task"] == task]
        if not arms:  # an experiment of another profile
            continue
        spent = list(dict.fromkeys(quantity for arm in arms for quantity in arm["spent"]))
        lines = [_arm_cells(arm, spent) for arm in arms]
        head = ["arm", "what it is", "chosen", "tried", *(name.replace("_", " ") for name in spent)]
        tables.append(f"{_sizes(task, sizes, arms)}\n\n{markdown_table(head, lines)}")
    flags = "".join(f"\n- {flag}" for flag in results["flags"])
    return "\n".join(tables) + (f"\nTo keep in mind:\n{flags}\n" if flags else "")


def _arm_cells(arm: dict, spent: Sequence[str]) -> list[str]:
    chosen = ", ".join(
        f"{name} {value}" + (" (edge)" if name in arm["edges"] else "")
        for name, value in arm["setting"].items()
    )
    tried = "; ".join(f"{name} {', '.join(map(str, values))}" for name, values in arm["grid"].items())
    given = [exact_or_rounded(arm["spent"][name]) if name in arm["spent"] else "" for name in spent]
    return [arm["name"], arm["is"], chosen or "nothing to choose", tried or "as given", *given]


def _sizes(task: str, sizes: dict, arms: Sequence[dict]) -> str:
    """The sizes in a sentence, the seeds with their first and last."""
    said = [f"{name.replace('_', ' ')} {_value(value)}" for name, value in sizes.items() if name not in SEEDS]
    head = f"**{task.capitalize()}.** " if task else ""
    return head + "; ".join([*said, *_seeds(arms)]) + "."


def _seeds(arms: Sequence[dict]) -> Iterator[str]:
    for name, field in (("judged on seeds", "seeds"), ("settings chosen on seeds", "tuning_seeds")):
        found = next((arm[field] for arm in arms if arm[field]), [])
        if found:
            yield f"{name} {found[0]} to {found[-1]}"


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    return f"{value:,}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
