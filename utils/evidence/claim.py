"""A claim of a paper, written down before the experiment that tests it."""

import math
import re
from dataclasses import dataclass

from utils.errors import FrugalError

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CHOICES = {
    "certainty": ("read", "secondary"),
    "better": ("lower", "higher"),
    "kind": ("better", "as good", "no difference"),
}


@dataclass(frozen=True)
class Claim:
    """One claim of a chapter's paper, and what counts as evidence for it.

    Parameters
    ----------
    key : name within the chapter, in lower case with hyphens ("twice-width").
    text : the claim in one sentence, as this chapter tests it.
    paper : the paper's own figure, in words ("parity at twice the hidden size").
    place : where the paper says so ("abstract", "Table 2").
    certainty : "read" when the paper itself was read, "secondary" when others report it.
    metric, unit : what is measured ("validation loss", "nats").
    better : "lower" or "higher", the good direction of the metric.
    kind : "better", "as good" or "no difference": how treatment and baseline are claimed to relate.
    smallest_effect : the smallest difference that counts, in units of the metric; positive.

    Raises
    ------
    FrugalError
        when a field is empty or not one of the values above.
    """

    key: str
    text: str
    paper: str
    place: str
    certainty: str
    metric: str
    unit: str
    better: str
    kind: str
    smallest_effect: float

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key):
            raise FrugalError(f"claim key '{self.key}' is not lower-case words joined by hyphens.")
        for field in ("text", "paper", "place", "metric", "unit"):
            if not getattr(self, field).strip():
                raise FrugalError(f"claim '{self.key}' has an empty {field}: write it down.")
        for field, allowed in CHOICES.items():
            if getattr(self, field) not in allowed:
                raise FrugalError(f"claim '{self.key}': {field} must be one of {', '.join(allowed)}.")
        if not (math.isfinite(self.smallest_effect) and self.smallest_effect > 0):
            raise FrugalError(f"claim '{self.key}': smallest_effect must be a positive number.")
