"""Reading ``book/claims/NN_slug.yml`` strictly: every mistake of an author is told with its place."""

import hashlib
import os
import re
from pathlib import Path

from utils import strict
from utils.errors import FrugalError
from utils.evidence.claims import TUNED, UNTUNED, Arm, Claim, ClaimsFile, Metric
from utils.evidence.explanations import KINDS
from utils.paths import CLAIMS

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ROLES = ("method", "rival", "control", "power")
RELATIONS = ("better", "as good", "no difference")
DIRECTIONS = ("lower", "higher")
CERTAINTY = ("read", "secondary")
SCALES = ("quick", "full")


def load(slug: str, folder: Path | None = None) -> ClaimsFile:
    """Read and check the claims file of a chapter, from ``$FRUGAL_CLAIMS`` or the book by default.

    Raises
    ------
    FrugalError
        For the first mistake, with its place.
    """
    folder = folder or Path(os.environ.get("FRUGAL_CLAIMS") or CLAIMS)
    name, path = f"book/claims/{slug}.yml", folder / f"{slug}.yml"
    content = strict.load(path, name)
    needed = {"metrics": dict, "arms": dict, "budget": dict, "claims": list}
    content = strict.fields(content, name, needed, {"changed": []})
    metrics = {str(key): _metric(key, entry, name) for key, entry in content["metrics"].items()}
    arms = {str(key): _arm(key, entry, name) for key, entry in content["arms"].items()}
    budget = strict.fields(content["budget"], f"{name}, budget", {"equal": list}, {"shown": []})
    claims: dict[str, Claim] = {}
    for entry in content["claims"]:
        claim = _claim(entry, metrics, arms, budget["equal"], name)
        if claim.key in claims:
            raise FrugalError(f"{name}: two claims have the key '{claim.key}'.")
        claims[claim.key] = claim
    _check_arms(arms, list(claims.values()), name)
    return ClaimsFile(
        slug,
        metrics,
        arms,
        claims,
        *(tuple(map(str, part)) for part in (budget["equal"], budget["shown"], content["changed"])),
        hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def _metric(key: object, entry: object, name: str) -> Metric:
    where = f"{name}, metric '{key}'"
    entry = strict.fields(entry, where, {"good": str}, {"unit": None, "smallest": None})
    strict.one_of(entry["good"], DIRECTIONS, f"{where}: 'good'")
    entry["unit"] = str(entry["unit"] or "")
    if entry["smallest"] is not None:
        _positive(entry["smallest"], where)
    return Metric(str(key), **entry)


def _arm(key: object, entry: object, name: str) -> Arm:
    where = f"{name}, arm '{key}'"
    _check_key(key, where)
    optional = {"destroys": "", "bounds": "", "settings": TUNED, "curve": "", "trivial": False}
    entry = strict.fields(entry, where, {"role": str, "is": str}, optional)
    strict.one_of(entry["role"], ROLES, f"{where}: 'role'")
    for role, part in (("control", "destroys"), ("power", "bounds")):
        if (entry["role"] == role) != bool(entry[part]):
            raise FrugalError(f"{where}: a {role} says what it {part}, in '{part}'; no other arm does.")
    if entry["trivial"] and entry["role"] != "power":
        raise FrugalError(f"{where}: only a power arm can be trivial.")
    return Arm(str(key), what=entry.pop("is"), **entry)


def _claim(entry: object, metrics: dict, arms: dict, equal: list, name: str) -> Claim:
    key = entry.get("key", "without key") if isinstance(entry, dict) else "without key"
    where = f"{name}, claim '{key}'"
    needed = {"key": str, "says": str, "metric": str, "relation": str, "compare": list, "scales": list}
    optional = {"smallest": None, "source": None, "equal": None, "unequal": {}}
    optional |= {"tests": "", "dull": "", "because": "", "task": "", "timed": False, "prediction": False}
    entry = strict.fields(entry, where, needed, optional)
    _check_key(key, where)
    strict.one_of(entry["metric"], metrics, f"{where}: 'metric'")
    strict.one_of(entry["relation"], RELATIONS, f"{where}: 'relation'")
    _check_lists(entry, arms, where)
    metric = metrics[entry["metric"]]
    smallest = metric.smallest if entry["smallest"] is None else entry["smallest"]
    _positive(smallest, where)
    kind = _kind(entry, where)
    dull = entry["dull"] or KINDS.get(kind, "")
    compare, scales = tuple(entry["compare"]), tuple(entry["scales"])
    equal = tuple(map(str, equal if entry["equal"] is None else entry["equal"]))
    _check_unequal(entry["unequal"], equal, where)
    lists = {
        "compare": compare,
        "scales": scales,
        "equal": equal,
        "source": _source(entry["source"], where),
    }
    return Claim(**{**entry, **lists, "metric": metric, "smallest": smallest, "tests": kind, "dull": dull})


def _check_lists(entry: dict, arms: dict, where: str) -> None:
    if len(entry["compare"]) != 2 or entry["compare"][0] == entry["compare"][1]:
        raise FrugalError(f"{where}: 'compare' names two arms, the first against the second.")
    for arm in entry["compare"]:
        strict.one_of(arm, arms, f"{where}: an arm of 'compare'")
    if not entry["scales"]:
        raise FrugalError(f"{where}: 'scales' is empty: say where it is tested, quick, full or both.")
    for scale in entry["scales"]:
        strict.one_of(scale, SCALES, f"{where}: 'scales'")


def _kind(entry: dict, where: str) -> str:
    """The kind of dull explanation that a claim tests; what arithmetic fixes is of the kind "algebra"."""
    kind = entry["tests"] or ("algebra" if entry["prediction"] else "")
    if not kind:
        raise FrugalError(f"{where}: say in 'tests' which dull explanation it tests: {', '.join(KINDS)}.")
    strict.one_of(kind, KINDS, f"{where}: 'tests'")
    return kind


def _source(entry: object, where: str) -> dict[str, str]:
    if entry == "ours":
        return {}
    if not isinstance(entry, dict):
        raise FrugalError(f"{where}: 'source' is ours, or a table of paper, place and certainty.")
    entry = strict.fields(entry, f"{where}, source", {"paper": str, "place": str, "certainty": str})
    strict.one_of(entry["certainty"], CERTAINTY, f"{where}, source: 'certainty'")
    return entry


def _check_arms(arms: dict[str, Arm], claims: list[Claim], name: str) -> None:
    """Every part is played, settings come from arms that exist, and no arm idles."""
    for role in ROLES:
        if not any(arm.role == role for arm in arms.values()):
            raise FrugalError(f"{name} has no {role}: an experiment needs one (see verdicts.md).")
    for arm in arms.values():
        if arm.settings not in (TUNED, UNTUNED):
            strict.one_of(arm.settings, arms, f"{name}, arm '{arm.name}': 'settings'")
    used = {arm for claim in claims for arm in claim.compare} | {arm.settings for arm in arms.values()}
    for arm in arms.values():
        if arm.role != "power" and arm.name not in used and not arm.curve:
            remedy = "write one, say in 'curve' of which curve it is a point, or leave it out"
            raise FrugalError(f"{name}: no claim compares the {arm.role} '{arm.name}': {remedy}.")


def _check_unequal(unequal: dict, equal: tuple[str, ...], where: str) -> None:
    for quantity, why in unequal.items():
        strict.one_of(quantity, [*equal, "settings"], f"{where}, 'unequal', a quantity")
        if not isinstance(why, str) or len(why.split()) < 3:
            raise FrugalError(f"{where}, 'unequal': say in a sentence why unequal {quantity} are fair.")


def _check_key(key: object, where: str) -> None:
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise FrugalError(f"{where}: a key is made of lower-case words and digits joined by hyphens.")


def _positive(value: object, where: str) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < float("inf"):
        raise FrugalError(f"{where}: 'smallest' must be a positive number.")
