"""The tables of a page that claims file and results make: what could have fooled us, settings."""

from collections.abc import Iterator, Sequence

from utils.evidence.scoreboard import Row
from utils.evidence.table import effect_text, markdown_table, number_text, verdict_text

SEEDS = ("seeds", "tuning")
NOT_YET = "This table is made from the chapter's claims file and results; it has none yet.\n"


def fooled_markdown(rows: Sequence[Row], arms: dict[str, dict]) -> str:
    """One row per dull explanation: the arm that was run against it, and what it measured.

    Parameters
    ----------
    rows : sequence of Row
        The chapter's claims.
    arms : dict of str to dict
        The arms of its results, by name.
    """
    tested = [row for row in rows if row.claim["tests"] and not row.claim["prediction"]]
    if not tested:
        return NOT_YET
    lines = [[_explanation(row.claim), _tested_by(row.claim, arms), _measured(row)] for row in tested]
    return markdown_table(["what else could it be?", "what we ran", "what came out"], lines)


def settings_markdown(results: dict) -> str:
    """The settings of an experiment: its sizes, then every arm with what it chose and what it was given."""
    if not results["arms"]:
        return NOT_YET
    tables = []
    for task, sizes in results["sizes"].items():
        arms = [arm for arm in results["arms"].values() if arm["task"] == task]
        spent = list(dict.fromkeys(quantity for arm in arms for quantity in arm["spent"]))
        lines = [_arm_cells(arm, spent) for arm in arms]
        head = ["arm", "what it is", "chosen", "tried", *(name.replace("_", " ") for name in spent)]
        tables.append(f"{_sizes(task, sizes, arms)}\n\n{markdown_table(head, lines)}")
    flags = "".join(f"\n- {flag}" for flag in results["flags"])
    return "\n".join(tables) + (f"\nTo keep in mind:\n{flags}\n" if flags else "")


def _explanation(claim: dict) -> str:
    return f"{claim['dull']} *({claim['tests']})*"


def _tested_by(claim: dict, arms: dict[str, dict]) -> str:
    """The two arms in words; the names where the results do not describe them."""
    first, second = (arms.get(name, {}).get("is", name) for name in claim["compare"])
    return f"{first}, against {second}"


def _measured(row: Row) -> str:
    said = [
        f"`{profile}`: **{verdict_text(claim)}**, {effect_text(claim)}"
        for profile, claim in row.measured.items()
        if claim
    ]
    return "<br>".join([f"{row.claim['says']}:", *said] if said else ["not measured"])


def _arm_cells(arm: dict, spent: Sequence[str]) -> list[str]:
    chosen = ", ".join(
        f"{name} {value}" + (" (edge)" if name in arm["edges"] else "")
        for name, value in arm["setting"].items()
    )
    tried = "; ".join(f"{name} {', '.join(map(str, values))}" for name, values in arm["grid"].items())
    given = [number_text(arm["spent"][name]) if name in arm["spent"] else "" for name in spent]
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
