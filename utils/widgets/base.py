"""What every widget shares: a front end that reads its Python module, a state that a static page can hold."""

import json
import re
import sys
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from utils.errors import FrugalError
from utils.widgets.controls import Control

FOLDER = Path(__file__).parent
SHARED_IMPORT = re.compile(r'^import \{[^}]*\} from "\./common\.js";\n', re.MULTILINE)
PYTHON_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.py";\n', re.MULTILINE)
LARGEST_ARRAY = 16_384  # values; keeps a page with several widgets far below its weight budget


class Widget(anywidget.AnyWidget):
    """A picture that the reader moves: traits in Python, drawn by the module of the same stem beside it.

    A subclass lives in ``utils/widgets/<stem>.py``. Its controls are traits of ``utils.widgets.controls``,
    its data other traits (``.tag(sync=True)``). It says in ``summary`` what the picture shows, and gives
    ``compute``: the same arithmetic as in ``<stem>.js``. Ranges, labels and constants stand in Python only:
    the front end imports them by name (``import { controls, SAMPLES } from "./<stem>.py"``).
    """

    summary = ""
    _start = traitlets.Dict().tag(sync=True)  # the controls' first values, to which "Reset" goes back

    def __init_subclass__(cls, **options):
        if "_esm" not in cls.__dict__:  # not the subclass that anywidget makes of each instance
            cls.stem = cls.__module__.rpartition(".")[2]
            cls.controls = {name: trait for name, trait in vars(cls).items() if isinstance(trait, Control)}
            cls._esm = bundle(cls)
            cls._css = (FOLDER / "common.css").read_text(encoding="utf-8")
        super().__init_subclass__(**options)

    def __init__(self, **state):
        unknown = sorted(set(state) - set(self.trait_names()))
        if unknown:
            raise FrugalError(
                f"the widget {self.stem} has no trait {unknown[0]}; choose from {self.names()}."
            )
        try:
            super().__init__(**state)
        except traitlets.TraitError as error:
            raise FrugalError(f"the widget {self.stem} cannot show this: {error}") from error
        self._start = {name: getattr(self, name) for name in self.controls}

    @classmethod
    def names(cls) -> list[str]:
        """The widget's own traits, those that make up its state."""
        inherited = set(anywidget.AnyWidget.class_trait_names())
        own = set(cls.class_trait_names(sync=True)) - inherited
        return sorted(name for name in own if not name.startswith("_"))

    def state(self) -> dict:
        """Trait values by name; what the static page starts from."""
        return {name: getattr(self, name) for name in self.names()}

    def numbers(self) -> dict:
        """What the picture shows now, computed in Python."""
        return self.compute(**self.state())

    def _repr_mimebundle_(self, **options):
        """The live widget, and HTML for pages without a kernel (the host brings it to life there)."""
        from utils.widgets.static import html

        data, *rest = super()._repr_mimebundle_(**options)
        return ({**data, "text/html": html(self)}, *rest)


def front_end(kind: type[Widget]) -> str:
    """The widget's module, names that it imports from Python replaced by their values.

    Raises
    ------
    FrugalError
        when it imports from another module, or a name that is not there or that JSON cannot hold.
    """
    source = (FOLDER / f"{kind.stem}.js").read_text(encoding="utf-8")
    return PYTHON_IMPORT.sub(lambda match: _values(kind, match[2], match[1]), source)


def _values(kind: type[Widget], stem: str, names: str) -> str:
    if stem != kind.stem:
        raise FrugalError(
            f"{kind.stem}.js imports from {stem}.py; a widget reads its own Python module only."
        )
    known = {**vars(sys.modules[kind.__module__]), "controls": _specs(kind)}
    lines = []
    for name in filter(None, (part.strip() for part in names.split(","))):
        try:
            lines.append(f"const {name} = {json.dumps(plain(known[name]), ensure_ascii=False)};\n")
        except (KeyError, AttributeError, TypeError) as error:
            raise FrugalError(f"{stem}.js imports {name}, but {stem}.py has no such constant.") from error
    return "".join(lines)


def _specs(kind: type[Widget]) -> dict:
    return {name: {**control.spec(), "name": name} for name, control in kind.controls.items()}


def bundle(kind: type[Widget]) -> str:
    """The front end with ``common.js`` put in front: a notebook loads one module, not two files."""
    common = (FOLDER / "common.js").read_text(encoding="utf-8")
    return re.sub(r"^export ", "", common, flags=re.MULTILINE) + SHARED_IMPORT.sub("", front_end(kind))


def pack(values) -> bytes:
    """An array as the bytes of its float32 values (little-endian), for a ``Bytes`` trait.

    Raises
    ------
    FrugalError
        when there are more than ``LARGEST_ARRAY`` values: a page would grow too heavy.
    """
    array = np.asarray(values, dtype="<f4").ravel()
    if array.size > LARGEST_ARRAY:
        raise FrugalError(f"{array.size} values are too many for a page; pass at most {LARGEST_ARRAY}.")
    return array.tobytes()


def unpack(data: bytes) -> np.ndarray:
    """The float64 array that ``pack`` stored."""
    return np.frombuffer(data, dtype="<f4").astype(np.float64)


def plain(result: object) -> object:
    """Arrays as lists and NumPy scalars as numbers, all the way down: what JSON can hold."""
    return json.loads(json.dumps(result, default=lambda value: value.tolist()))
