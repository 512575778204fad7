"""English text that ships with Python itself: the help topics of ``pydoc``, some 0.5 million characters.

Nothing is downloaded. The text belongs to the Python version, so losses differ a little between versions.
"""

import importlib

from utils.data.characters import OTHER, PRINTABLE, alphabet_of, encode
from utils.data.tiny_shakespeare import VALIDATION, Text, stand_in_text
from utils.errors import FrugalError

SYMBOLS = 96


def load_topics(stand_in: bool = False) -> Text:
    """All topics in the order of their names; the last tenth is for validation.

    Parameters
    ----------
    stand_in : bool
        Give a tiny made-up set of the same form instead: for ``smoke``.

    Raises
    ------
    FrugalError
        when this Python comes without its help topics.
    """
    if stand_in:
        return stand_in_text(PRINTABLE + OTHER)
    try:
        topics = importlib.import_module("pydoc_data.topics").topics
    except ImportError as error:
        raise FrugalError(
            "this Python has no pydoc_data: install Python's standard library whole."
        ) from error
    text = "\n".join(topics[name] for name in sorted(topics))
    train = round(len(text) * (1 - VALIDATION))
    alphabet = alphabet_of(text[:train], SYMBOLS)
    return Text(alphabet, encode(text[:train], alphabet), encode(text[train:], alphabet))
