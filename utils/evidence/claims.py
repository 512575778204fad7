"""What a chapter writes down before its experiment: metrics, arms with their roles, budget, claims.

:mod:`utils.evidence.claims_file` reads them from ``book/claims/NN_slug.yml``. Each claim names the dull
explanation that it tests (:mod:`utils.evidence.explanations`).
"""

from dataclasses import dataclass, field

TUNED, UNTUNED = "tuned", "none"


@dataclass(frozen=True)
class Metric:
    """What is measured: unit (may be empty), good direction, the smallest effect that counts."""

    name: str
    unit: str
    good: str
    smallest: float | None


@dataclass(frozen=True)
class Arm:
    """One arm of the experiment and the part that it plays.

    Attributes
    ----------
    name : str
        Its key.
    role : str
        "method"; "rival" (a reader could use it instead); "control" (the method with one ingredient
        destroyed); "power" (it bounds the task).
    what : str
        What it is, in words.
    destroys, bounds : str
        What a control destroys, what a power arm bounds; empty for the others.
    settings : str
        "tuned"; "none" when there is nothing to choose; or the arm whose choice it takes.
    curve : str
        The curve that it is a point of, in plots over bytes or width; empty for none.
    trivial : bool
        Whether it is a rule that every network must beat before anything is judged (chance, bigram table).
    """

    name: str
    role: str
    what: str
    destroys: str = ""
    bounds: str = ""
    settings: str = TUNED
    curve: str = ""
    trivial: bool = False


@dataclass(frozen=True)
class Claim:
    """One claim, and what counts as evidence for it.

    Attributes
    ----------
    key, says : str
        Its name in the chapter, and the claim in one sentence.
    metric : Metric
        What is measured.
    relation : str
        "better", "as good" or "no difference": the first arm of ``compare`` against the second.
    compare : tuple of str
        Two arms.
    smallest : float
        The smallest effect that counts, in the metric's unit.
    scales : tuple of str
        The profiles that test it.
    tests, dull : str
        The kind of dull explanation, and that explanation in words.
    because : str
        A sentence that the page's table adds to the verdict; written with the claim or later.
    source : dict
        The paper's sentence or figure, its place and how surely we know it; empty for our own question.
    task : str
        The experiment that measures it; empty in a chapter with one.
    timed : bool
        Whether seconds are compared.
    prediction : bool
        Whether arithmetic fixes it: such a claim is checked, and is no evidence.
    equal : tuple of str
        Quantities of the budget that must be equal in its two arms.
    unequal : dict of str to str
        For a quantity of the budget that differs between the two arms: why that is fair.
    """

    key: str
    says: str
    metric: Metric
    relation: str
    compare: tuple[str, str]
    smallest: float
    scales: tuple[str, ...]
    tests: str
    dull: str
    because: str = ""
    source: dict[str, str] = field(default_factory=dict)
    task: str = ""
    timed: bool = False
    prediction: bool = False
    equal: tuple[str, ...] = ()
    unequal: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ClaimsFile:
    """Everything that a chapter wrote down before its experiment.

    Attributes
    ----------
    equal, shown : tuple of str
        Quantities of the budget that must be equal in the two arms of a claim, and those only shown.
    changed : tuple of str
        What was changed after a run, a sentence each.
    sha : str
        SHA-256 of the file.
    """

    slug: str
    metrics: dict[str, Metric]
    arms: dict[str, Arm]
    claims: dict[str, Claim]
    equal: tuple[str, ...]
    shown: tuple[str, ...]
    changed: tuple[str, ...]
    sha: str

    def of_task(self, task: str) -> list[Claim]:
        """The claims that one experiment of the chapter tests."""
        return [claim for claim in self.claims.values() if claim.task == task]

    @property
    def tasks(self) -> list[str]:
        """The chapter's experiments, in the order of their first claims."""
        return list(dict.fromkeys(claim.task for claim in self.claims.values()))


def row(claim: Claim) -> list[str]:
    """A claim as cells: key, sentence, metric and relation, smallest effect, dull explanation, source."""
    smallest = f"{claim.smallest:g} {claim.metric.unit}".strip()
    source = f"the paper, {claim.source['place']}" if claim.source else "our question"
    source = "a prediction of a formula" if claim.prediction else source
    return [claim.key, claim.says, f"{claim.metric.name}: {claim.relation}", smallest, claim.tests, source]
