"""All operations that are declared in this folder."""

import importlib
from functools import cache
from pathlib import Path

from utils.kernels.operation import Operation

FOLDER = Path(__file__).parent


@cache
def operations() -> tuple[Operation, ...]:
    """The declarations, ordered by chapter."""
    stems = [path.stem for path in FOLDER.glob("*.py") if "\nOP = Operation(" in path.read_text("utf-8")]
    found = [importlib.import_module(f"utils.kernels.{stem}").OP for stem in stems]
    return tuple(sorted(found, key=lambda operation: (operation.chapter, operation.stem)))
