"""JSON that reads well in a diff: a line per field, lists of numbers on one line."""

import json
import re

LIST = re.compile(r"\[\s+([^\[\]{}\"]*?)\s+\]")


def dumps(content: object) -> str:
    """The text of ``content``, with a newline at its end.

    Raises
    ------
    ValueError
        When a number is not finite.
    """
    text = json.dumps(content, indent=1, allow_nan=False)
    return LIST.sub(lambda found: f"[{' '.join(found[1].split())}]", text) + "\n"
