"""The narrow fingerprint: what a notebook's numbers depend on, and whether a record is older than that.

Unlike the inputs of a run it leaves out parameters, versions of packages, plots, tables, widgets, the site
and judging: another machine's record has other versions, and the rest changes no measured number.
"""

from pathlib import Path

from utils.execution.closure import Closure
from utils.execution.fingerprint import NOTEBOOK, fingerprint, inputs
from utils.execution.source import load
from utils.paths import ROOT

LEFT_OUT = (
    "utils/evidence/",
    "utils/site/",
    "utils/widgets/",
    "utils/figures.py",
    "utils/study/",
    "utils/svg.py",
    "utils/tables.py",
)


def narrow(found: dict[str, str]) -> str:
    """One SHA-256 for those of a run's inputs (:mod:`utils.execution.fingerprint`) that make its numbers."""
    ours = {name: digest for name, digest in found.items() if name.startswith("utils/")}
    kept = {name: digest for name, digest in ours.items() if not name.startswith(LEFT_OUT)}
    return fingerprint(kept | {NOTEBOOK: found[NOTEBOOK]})


def age_text(results: dict, root: Path = ROOT) -> str:
    """A sentence where recorded results do not belong to the notebook as it is now; empty where they do."""
    if not results.get("notebook"):
        return "It does not say which version of the notebook it measured."
    now = inputs(load(results["chapter"], root), {}, Closure(root))
    return "" if results["notebook"] == narrow(now) else "The notebook has changed since: this run is older."
