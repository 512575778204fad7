"""One line of what ``frugal doctor`` reports."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What was found: no ``remedy`` where all is well; what is not ``needed`` may be missing."""

    name: str
    text: str
    remedy: str = ""
    needed: bool = True

    @property
    def ok(self) -> bool:
        """Whether nothing needs to be done."""
        return not self.remedy
