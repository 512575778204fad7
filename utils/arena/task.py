"""What a task of the arena offers: :mod:`utils.arena.digits` and :mod:`utils.arena.cifar10` are two."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from torch import Tensor

from utils.arena.technique import Deployed, Technique

Model = Any  # the latent weights of all members, in the task's own form


class Task(Protocol):
    """A data set with one network, one training budget and one grid for every technique.

    Attributes
    ----------
    NAME : str
        What the reader sees.
    WIDTH, WIDTHS : int, tuple of int
        Of the fixed network, and of the plain dense rivals.
    SEEDS, TUNING : range
        The seeds that judge, and those that choose the rate.
    RATES : tuple of float
        The grid.
    """

    NAME: str
    WIDTH: int
    WIDTHS: tuple[int, ...]
    SEEDS: range
    TUNING: range
    RATES: tuple[float, ...]

    def train(
        self,
        technique: Technique,
        rates: Sequence[float],
        seeds: Sequence[int],
        profile: str,
        width: int,
        validation: bool = False,
    ) -> tuple[Model, Tensor]:
        """Train a member for each seed and rate; the model, and accuracies in percent (seeds, rates)."""

    def start(self, seeds: Sequence[int], width: int, technique: Technique) -> Model:
        """The untrained members."""

    def test_accuracy(self, technique: Technique, model: Model, seeds: Sequence[int]) -> list[float]:
        """Accuracy in percent of each member's stored layers on its test images."""

    def deploy(self, technique: Technique, model: Model, member: int) -> list[Deployed]:
        """The stored layers of one member."""

    def network(self, technique: Technique, model: Model, member: int) -> Callable[[Tensor], Tensor]:
        """One member as a function from images to logits."""

    def example(self, rows: int) -> Tensor:
        """An input of the network, for timing."""
