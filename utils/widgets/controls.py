"""Controls of a widget: traits that know label, range and format; the front end is built from them."""

import math
from collections.abc import Iterable

import traitlets

from utils.errors import FrugalError

FORMATS = ("number", "integer", "percent", "percent2")  # how a value is printed; functions of common.js
MANTISSAS = [f"{10 + i}" for i in range(20)] + [f"{30 + 5 * i}" for i in range(14)]  # tenths: 1.0 to 9.5


class Control(traitlets.TraitType):
    """A trait that the reader moves.

    Parameters
    ----------
    default : object
        The value at the start; one that the control reaches.
    label : str
        The words beside the control, with the unit.

    Raises
    ------
    FrugalError
        when the control does not reach its default, or a range cannot be that of a slider.
    """

    kind = ""

    def __init__(self, default: object, label: str) -> None:
        self.label = label
        try:
            super().__init__(default_value=self.accepted(default))
        except ValueError as error:
            raise FrugalError(f"the control '{label}' {error}; it cannot begin at {default!r}.") from error
        self.tag(sync=True)

    def accepted(self, value: object) -> object:
        """The value as the trait keeps it; ValueError for one that the control cannot show."""
        raise NotImplementedError

    def validate(self, obj: traitlets.HasTraits, value: object) -> object:
        """What traitlets calls when the trait is set."""
        try:
            return self.accepted(value)
        except ValueError as error:
            raise traitlets.TraitError(f"{self.name} {error}, not {value!r}.") from error

    def spec(self) -> dict:
        """What the front end is told."""
        return {"kind": self.kind, "label": self.label}


class Slider(Control):
    """A number from ``low`` to ``high``; the slider stops at round values and comes back to each exactly.

    Parameters
    ----------
    default, label : float, str
        As for every control.
    low, high : float
        The ends. Python may set any number between them, the slider only its stops.
    step : float, optional
        Distance of the stops. With ``log`` their least distance: 1 gives whole numbers.
    log : bool
        Stops at 1, 1.1, ... 3, 3.5, ... 9.5 times every power of ten: nearly equal factors, 34 a decade.
    also : iterable of float
        Further stops: values that a text names.
    values : sequence, optional
        In place of a range: the only values there are, ascending.
    format : {"number", "integer", "percent", "percent2"}
        How the value is printed; ``percent2`` has two decimals.
    """

    kind = "slider"

    def __init__(
        self,
        default: float,
        label: str,
        low: float = 0.0,
        high: float = 1.0,
        *,
        step: float | None = None,
        log: bool = False,
        also: Iterable[float] = (),
        values: Iterable[float] | None = None,
        format: str = "number",
    ) -> None:
        if format not in FORMATS:
            raise FrugalError(f"'{format}' is no format of a slider; choose from {', '.join(FORMATS)}.")
        if values is None and not (low < high and (low > 0 or not log)):
            raise FrugalError(f"the control '{label}' needs low < high, and both positive where it is log.")
        self.exact, self.format = values is not None, format
        if self.exact:
            self.stops = list(values)
        else:
            stops = log_stops(low, high, step) if log else even_stops(low, high, step or (high - low) / 100)
            self.stops = sorted({*stops, *map(float, also), float(low), float(high)})
        super().__init__(default, label)

    def accepted(self, value: object) -> float:
        """The number, if it is in the range or among the values."""
        if self.exact and value in self.stops:
            return self.stops[self.stops.index(value)]
        if self.exact:
            raise ValueError(f"must be one of {', '.join(map(str, self.stops))}")
        low, high = self.stops[0], self.stops[-1]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or not low <= value <= high:
            raise ValueError(f"must be a finite number from {low:g} to {high:g}")
        return float(value)

    def spec(self) -> dict:
        """Label, stops, whether other values are allowed, and the format."""
        return {**super().spec(), "stops": self.stops, "exact": self.exact, "format": self.format}


class Choice(Control):
    """One of a few: ``choices`` maps each value, a text or a whole number, to the words shown."""

    kind = "choice"

    def __init__(self, default: object, label: str, choices: dict) -> None:
        self.choices = dict(choices)
        super().__init__(default, label)

    def accepted(self, value: object) -> object:
        """The value, if it is among the choices."""
        if not isinstance(value, str | int) or value not in self.choices:
            raise ValueError(f"must be one of {', '.join(map(str, self.choices))}")
        return value

    def spec(self) -> dict:
        """Label and choices, as pairs of value and words."""
        return {**super().spec(), "choices": [[value, words] for value, words in self.choices.items()]}


class Check(Control):
    """A box to tick."""

    kind = "check"

    def accepted(self, value: object) -> bool:
        """True or False, and nothing else."""
        if not isinstance(value, bool):
            raise ValueError("must be True or False")
        return value


def even_stops(low: float, high: float, step: float) -> list[float]:
    """Values at equal distances, each the float64 nearest to its decimal form."""
    return [round(low + i * step, 12) for i in range(math.floor((high - low) / step + 1e-9) + 1)]


def log_stops(low: float, high: float, step: float | None) -> list[float]:
    """Round values at nearly equal factors between two positive ends, multiples of ``step`` if given."""
    powers = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    values = (float(f"{mantissa}e{power - 1}") for power in powers for mantissa in MANTISSAS)
    return [value for value in values if low < value < high and (not step or value % step == 0)]
