"""What each arm was given: budgets side by side, and what is unequal without a reason."""

import math
from collections.abc import Iterable, Mapping, Sequence

from utils.evidence.arm_run import ArmRun
from utils.evidence.claims import Claim, ClaimsFile

TOLERANCE = 0.01  # packed formats pad to whole bytes, widths are whole numbers: 1 % is as equal as they come
UNKNOWN = "not given"


def inequalities(
    file: ClaimsFile, claims: Iterable[Claim], spent: Mapping[str, Mapping[str, float]]
) -> list[str]:
    """A sentence for each pair of compared arms whose budgets differ without a reason in the claims file.

    Parameters
    ----------
    spent : mapping of arm to its quantities
        Per trained network: steps, parameters, bytes, multiply_adds.
    """
    return [
        sentence
        for claim in claims
        if not claim.prediction and not claim.timed and all(arm in spent for arm in claim.compare)
        for quantity in claim.equal
        if quantity not in claim.unequal
        for sentence in _compared(claim, quantity, spent, file)
    ]


def _compared(claim: Claim, quantity: str, spent: Mapping, file: ClaimsFile) -> list[str]:
    if any(file.arms[arm].role == "power" for arm in claim.compare):
        return []  # a bound is no competitor
    first, second = (spent[arm].get(quantity) for arm in claim.compare)
    if first is None or second is None:
        missing = claim.compare[0] if first is None else claim.compare[1]
        return [f"{claim.key}: {quantity} of {missing} {UNKNOWN}, but they must be equal."]
    if abs(first - second) <= TOLERANCE * max(abs(first), abs(second)):
        return []
    more, less = sorted(zip((first, second), claim.compare, strict=True), reverse=True)
    return [
        f"{claim.key}: {more[1]} has {more[0]:,.6g} {quantity}, {less[1]} {less[0]:,.6g}; no reason is given."
    ]


def row(run: ArmRun, shown: Sequence[str], file: ClaimsFile) -> list[str]:
    """One arm as cells: role, chosen setting, settings tried, looks, and the quantities ``shown``."""
    chosen = ", ".join(
        f"{name} {number(value)}{' (edge)' if name in run.edges else ''}"
        for name, value in run.setting.items()
    )
    origin = f", as {run.arm.settings}" if run.arm.settings in file.arms else ""
    tried = math.prod(len(values) for values in run.grid.values()) if run.grid else 0
    spent = [number(run.spent[q]) if q in run.spent else UNKNOWN for q in shown]
    return [run.arm.name, run.arm.role, (chosen or "none") + origin, str(tried), str(run.looks), *spent]


def number(value: object) -> str:
    """A number as people write it; anything else as it is."""
    return f"{value:,.6g}" if isinstance(value, (int, float)) else str(value)
