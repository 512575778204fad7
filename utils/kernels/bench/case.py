"""One line of the benchmark: our call, the peers' calls on the same inputs, and what the call must do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from utils.kernels.costs import Cost


@dataclass(frozen=True)
class Absent:
    """A peer that cannot be measured here, and why: it is named in the row, never left out in silence."""

    reason: str


@dataclass(frozen=True)
class Case:
    """An operation at one shape.

    Attributes
    ----------
    shape : what a reader needs to know of the sizes ("4096 x 4096, batch 1")
    ours : the operation of ``utils.kernels`` as a caller would call it
    peers : the best that installs, name to call; a peer that computes more or less says so in its name
    cost : least operations and bytes of ours
    held : bytes that ours keeps in memory between calls (packed weights, formats)
    dtype : the machine peak that bounds it ("float32", "bfloat16", "int8")
    settings : numbers of this case that ``finding(rows)`` of the benchmark, if it has one, computes with
    """

    shape: str
    ours: Callable[[], object]
    peers: Mapping[str, Callable[[], object] | Absent]
    cost: Cost
    held: int
    dtype: str = "float32"
    settings: Mapping[str, float | str] = field(default_factory=dict)
