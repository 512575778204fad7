"""Reading other people's pickles without running other people's code.

A pickle may name any importable function and call it. The unpickler here looks names up in a table that the
caller gives and refuses everything else, before anything of the file is run.
"""

import pickle
from pathlib import Path

import numpy as np

from utils.errors import FrugalError

Allowed = dict[tuple[str, str], object]

# What a pickled NumPy array is made of; the module was renamed in NumPy 2.
NUMPY_ARRAYS: Allowed = {
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("numpy.core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,
    ("numpy._core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,
}


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream, allowed: Allowed, encoding: str) -> None:
        super().__init__(stream, encoding=encoding)
        self.allowed = allowed

    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in self.allowed:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which is not on the list")
        return self.allowed[module, name]


def load_pickle(path: Path, allowed: Allowed, encoding: str = "ASCII") -> object:
    """The object in a pickle that uses only the classes and functions of ``allowed``.

    Parameters
    ----------
    path : Path
        The file.
    allowed : dict
        ``(module, name)`` as the pickle spells it, to the object that stands for it.
    encoding : str
        How byte strings of Python 2 are read; ``"latin1"`` for arrays pickled by Python 2.

    Raises
    ------
    FrugalError
        when the pickle names anything else, or is cut off or damaged.
    """
    try:
        with path.open("rb") as stream:
            return _Unpickler(stream, allowed, encoding).load()
    except (
        pickle.UnpicklingError,
        EOFError,
        ValueError,
        IndexError,
        KeyError,
        TypeError,
        AttributeError,
    ) as error:
        raise FrugalError(f"{path.name} is refused as a pickle: {error or 'it is cut off'}.") from error
