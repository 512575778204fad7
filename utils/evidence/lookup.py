"""Tables of trained things, from which experiments search, choose or rank without training anything again."""

from collections.abc import Callable, Mapping, Sequence

from utils.errors import FrugalError
from utils.evidence.prepared import Preparation, compared

Build = Callable[[str, list[int]], Sequence[float]]
TUNE, JUDGE = "tune", "judge"


class Table:
    """Values of trained things by name, for experiments that search, choose or rank among them.

    A table may hold fewer seeds than the experiment has: a hundred searches over cells trained five times.
    Then the experiment's seeds take the table's in turn, and intervals speak about the searches more than
    about the training. Seeds that choose never see what judges.

    Parameters
    ----------
    name : str
        Of the preparation, for messages.
    build : callable
        ``build(key, seeds)`` trains one thing and gives one value per seed, for instance an accuracy.
    keys : sequence of str
        The names of the things.
    asked, held : mapping of part to seeds
        The experiment's seeds and the table's, for the parts "tune" and "judge".
    stored : Preparation, optional
        Where the values come from; without it each is computed when it is asked for.
    """

    def __init__(
        self,
        name: str,
        build: Build,
        keys: Sequence[str],
        asked: Mapping[str, list[int]],
        held: Mapping[str, list[int]],
        stored: Preparation | None = None,
    ) -> None:
        self.name, self.build, self.keys, self.is_judging = name, build, list(keys), False
        self.held = held
        self._places = {
            seed: (part, held[part][number % len(held[part])])
            for part in (TUNE, JUDGE)
            for number, seed in enumerate(asked[part])
        }
        self._values: dict[str, dict[int, float]] = {key: {} for key in self.keys}
        for part in (TUNE, JUDGE) if stored else ():
            for key in self.keys:
                self._values[key] |= dict(zip(held[part], stored.content[part][key], strict=True))

    def value(self, key: str, seed: int) -> float:
        """The value of one thing for one seed of the experiment.

        Raises
        ------
        FrugalError
            For a judged seed while settings are being chosen, or one that the experiment does not have.
        """
        if seed not in self._places:
            raise FrugalError(f"table '{self.name}': the experiment has no seed {seed}.")
        part, own = self._places[seed]
        if part == JUDGE and not self.is_judging:
            raise FrugalError(f"table '{self.name}': seed {seed} judges; choose on the tuning seeds.")
        if own not in self._values[key]:
            self._values[key][own] = float(self.build(key, [own])[0])
        return self._values[key][own]

    def column(self, seed: int) -> dict[str, float]:
        """Every thing's value for one seed; see :meth:`value`."""
        return {key: self.value(key, seed) for key in self.keys}

    def recheck(self, key: str) -> str:
        """Compute one thing anew at one judged seed and say both values."""
        seed = self.held[JUDGE][0]
        kept = [self._values[key][s] for s in self.held[JUDGE]]
        return compared(f"{self.name}, {key}", seed, kept[0], float(self.build(key, [seed])[0]), kept)
