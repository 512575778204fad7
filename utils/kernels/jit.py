"""``njit`` for the book's kernels: machine code on disk counts while every source it came from is the same.

Numba looks at the file of the decorated function alone: a constant or a writer of instructions that another
file gives would change, and the old machine code would go on running. Here all files of this folder count.
"""

import hashlib
from functools import cache
from pathlib import Path

import numba
from numba.core import caching

FOLDER = Path(__file__).parent


def njit(*functions, **options):
    """``numba.njit``; where no folder for machine code can be written, it is compiled in each process."""
    if functions:
        return njit(**options)(*functions)

    def decorate(function):
        try:
            return numba.njit(**options)(function)
        except RuntimeError:
            return numba.njit(**options | {"cache": False})(function)

    return decorate


@cache
def sources() -> str:
    """SHA-256 of every file here that machine code can come from."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


class _KeyedBySources:
    """For functions of this folder: a place of Numba's, whose content is valid for ``sources()`` only."""

    @classmethod
    def from_function(cls, py_func, py_file):
        return super().from_function(py_func, py_file) if Path(py_file).parent == FOLDER else None

    def get_source_stamp(self):
        return super().get_source_stamp(), sources()

    def get_disambiguator(self):
        """Nothing beside the name: Numba's line number would leave a file behind for each shift of a line."""
        return ""


# Where Numba looks, in its order: the folder named by NUMBA_CACHE_DIR, ``__pycache__``, the user's cache.
_PLACES = (caching.UserProvidedCacheLocator, caching.InTreeCacheLocator, caching.UserWideCacheLocator)
caching.CacheImpl._locator_classes = [
    *(type(f"Keyed{place.__name__}", (_KeyedBySources, place), {}) for place in _PLACES),
    *caching.CacheImpl._locator_classes,
]
