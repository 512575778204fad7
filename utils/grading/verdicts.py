"""What the judge says about a submission."""

from dataclasses import dataclass, field

UNREADABLE = "what it gives back cannot be read by the grader"
ASLEEP = "not run: this exercise did not answer another check in time"
CROWDED_OUT = "not run: this exercise ended the processes of the others, or left them no room"


@dataclass(frozen=True)
class Verdict:
    """What one check said."""

    exercise: str
    check: str
    points: float
    hidden: bool
    passed: bool
    message: str = ""

    @property
    def earned(self) -> float:
        """Points, all or none."""
        return self.points if self.passed else 0


@dataclass
class Marked:
    """A submission with its marks.

    Attributes
    ----------
    verdicts
        One for each check, in the lab's order.
    stopped
        Exercise and reason for each cell that did not run to its end.
    written
        The answers in words, by exercise.
    reason, remark
        Why nothing of the file could be read; what else the lecturer should know.
    sources
        The code of each exercise, cell after cell.
    asleep
        Exercises that once did not answer in time.
    """

    verdicts: list[Verdict] = field(default_factory=list)
    stopped: list[tuple[str, str]] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    remark: str = ""
    sources: dict[str, str] = field(default_factory=dict)
    asleep: list[str] = field(default_factory=list)
