"""All points of the arena: plain rivals from ``results/arena.<profile>.json``, the others from chapters."""

import json

from utils import chapters
from utils.evidence import store
from utils.evidence.table import provenance_text
from utils.paths import RESULTS


def points(profile: str, local: bool = False) -> list[dict]:
    """The points as the widget takes them: ``chapter`` is empty for plain rivals, times are relative.

    Parameters
    ----------
    local : of the chapters show what this machine measured instead of what the book records.
    """
    found = [_shown(point, "") for point in plain(profile)]
    for chapter in chapters.written():
        results = store.load(chapter.slug, profile, local) or {}
        found += [_shown(point, chapter.number) for point in results.get("arena", [])]
    return found


def plain(profile: str) -> list[dict]:
    """The points of the plain rivals; none where nobody measured them."""
    return _recorded(profile).get("points", [])


def provenance(profile: str) -> str:
    """Which run the plain rivals come from, in a sentence."""
    recorded = _recorded(profile)
    return provenance_text(recorded) if recorded else f"At `{profile}` scale the arena is empty so far."


def _recorded(profile: str) -> dict:
    path = RESULTS / f"arena.{profile}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _shown(point: dict, chapter: str) -> dict:
    kept = ("technique", "width", "accuracy", "bytes", "multiply_adds")
    times = {f"time_{name}": 1 / point[f"speed_{name}"] for name in ("one", "batch")}
    return {"chapter": chapter, **{key: point[key] for key in kept}, **times}
