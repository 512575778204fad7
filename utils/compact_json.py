"""JSON that reads well in a diff: a line per field, lists of numbers on one line."""

import json
import re

LIST = re.compile(r"\[\s+([^\[\]{}\"]*?)\s+\]")


def dumps(content: object) -> str:
    """The text of ``content``, with a newline at its end.

    Ranges become lists, NumPy's numbers numbers, functions and classes their names, anything else its text.

    Raises
    ------
    ValueError
        When a number is not finite.
    """
    text = json.dumps(content, indent=1, allow_nan=False, default=_plain)
    return LIST.sub(lambda found: f"[{' '.join(found[1].split())}]", text) + "\n"


def _plain(value: object) -> object:
    if isinstance(value, range):
        return list(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    return getattr(value, "__name__", str(value))
