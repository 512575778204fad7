"""What every widget shares: one front-end module from two files, and a state that a static page can hold."""

import json
import re
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from utils.errors import FrugalError

FOLDER = Path(__file__).parent
SHARED_IMPORT = re.compile(r'^import \{[^}]*\} from "\./common\.js";\n', re.MULTILINE)
LARGEST_ARRAY = 16_384  # values; keeps a page with several widgets far below its weight budget


class Widget(anywidget.AnyWidget):
    """A picture that the reader moves: traits in Python, drawn by the module of the same stem beside it.

    A subclass lives in ``utils/widgets/<stem>.py``, names its traits (``.tag(sync=True)``), says in
    ``summary`` what the picture shows, and gives ``compute``: the same arithmetic as in ``<stem>.js``.
    """

    summary = ""

    def __init_subclass__(cls, **options):
        if "_esm" not in cls.__dict__:  # not the subclass that anywidget makes of each instance
            cls.stem = cls.__module__.rpartition(".")[2]
            cls._esm = bundle(cls.stem)
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
        """The figures that the picture shows now, computed in Python."""
        return self.compute(**self.state())

    def _repr_mimebundle_(self, **options):
        """The live widget, and HTML for pages without a kernel (the host brings it to life there)."""
        from utils.widgets.static import html

        data, *rest = super()._repr_mimebundle_(**options)
        return ({**data, "text/html": html(self)}, *rest)


def bundle(stem: str) -> str:
    """The widget's module with ``common.js`` put in front: a notebook loads one module, not two files."""
    common = (FOLDER / "common.js").read_text(encoding="utf-8")
    module = (FOLDER / f"{stem}.js").read_text(encoding="utf-8")
    return re.sub(r"^export ", "", common, flags=re.MULTILINE) + SHARED_IMPORT.sub("", module)


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
