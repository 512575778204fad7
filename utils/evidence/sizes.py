"""The sizes of an experiment at each profile, and what a CPU cuts from ``full``: computed, never typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from utils.errors import FrugalError

JUDGED, TUNING = 5, 3  # the fewest seeds at quick and full
PROFILES = ("smoke", "quick", "full")

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Sizes:
    """The sizes of one run.

    Attributes
    ----------
    values : types.SimpleNamespace
        One attribute per field, for the notebook.
    cut : str
        What was cut from ``full``, in words; empty when nothing was.
    repeats_quick : bool
        Whether this is a ``full`` run with the sizes of ``quick``: nothing new is measured then.
    """

    values: SimpleNamespace
    cut: str
    repeats_quick: bool


def choose(profile: str, on_cpu: bool, smoke: Fields, quick: Fields, full: Fields, cpu: Fields) -> Sizes:
    """The sizes at a profile; ``cpu`` replaces fields of ``full`` where there is no GPU.

    Raises
    ------
    FrugalError
        When the profiles have other fields than each other, ``cpu`` names a field that ``full`` lacks,
        seeds are not counted, or too few of them are asked for.
    """
    by_profile = {"smoke": dict(smoke), "quick": dict(quick), "full": dict(full)}
    _check_fields(by_profile, cpu)
    chosen = by_profile[profile] | (dict(cpu) if profile == "full" and on_cpu else {})
    for name in ("quick", "full"):
        _check_seeds(name, by_profile[name])
    _check_seeds("cpu", by_profile["full"] | dict(cpu))
    cut = what_was_cut(full, chosen) if profile == "full" else ""
    return Sizes(SimpleNamespace(**chosen), cut, profile == "full" and chosen == by_profile["quick"])


def what_was_cut(full: Fields, chosen: Fields) -> str:
    """Each field that differs, in words: "images 4,000 of 16,000, widths 16, 32 of 16, 32, 64".

    Examples
    --------
    >>> what_was_cut({"images": 16_000, "seeds": 5}, {"images": 4_000, "seeds": 5})
    'images 4,000 of 16,000'
    """
    return "; ".join(
        f"{name.replace('_', ' ')} {_words(chosen[name])} of {_words(value)}"
        for name, value in full.items()
        if chosen[name] != value
    )


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return f"{value:,}"
    if isinstance(value, (list, tuple, range)):
        return ", ".join(_words(item) for item in value)
    return str(value)


def _check_fields(by_profile: dict[str, dict], cpu: Fields) -> None:
    expected = set(by_profile["full"])
    for name, fields in by_profile.items():
        for field in expected ^ set(fields):
            has = "lacks" if field in expected else "alone has"
            raise FrugalError(
                f"sizes: {name} {has} the field '{field}': give smoke, quick and full the same fields."
            )
        for field in ("seeds", "tuning"):
            if not isinstance(fields.get(field), int):
                raise FrugalError(f"sizes: {name} needs '{field}', a number of seeds.")
    if unknown := sorted(set(cpu) - expected):
        raise FrugalError(f"sizes: cpu has the field '{unknown[0]}', which full has not.")


def _check_seeds(name: str, fields: Fields) -> None:
    if fields["seeds"] < JUDGED:
        raise FrugalError(f"sizes: {name} judges {fields['seeds']} seeds; {JUDGED} are the fewest.")
    if 0 < fields["tuning"] < TUNING:
        raise FrugalError(
            f"sizes: {name} tunes on {fields['tuning']} seeds; {TUNING} are the fewest (0: nothing to tune)."
        )
