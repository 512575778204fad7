"""Texts as character codes, with an alphabet of the most frequent characters."""

from collections import Counter

import torch

from utils.errors import FrugalError

PRINTABLE = "".join(map(chr, range(32, 127)))  # of ASCII
OTHER = "\ufffd"  # stands for every character outside the alphabet


def alphabet_of(text: str, size: int) -> str:
    """The ``size - 1`` most frequent characters in the order of their code points, then ``OTHER``.

    Raises
    ------
    FrugalError
        for a size below 2, or an empty text.
    """
    if size < 2 or not text:
        raise FrugalError(f"an alphabet needs a text and at least 2 symbols, not {len(text)} and {size}.")
    ranked = sorted(Counter(text).items(), key=lambda item: (-item[1], item[0]))
    return "".join(sorted(character for character, _ in ranked[: size - 1])) + OTHER


def encode(text: str, alphabet: str) -> torch.Tensor:
    """Codes int64 (N,) of a text; characters outside the alphabet get the last code."""
    places = {character: code for code, character in enumerate(alphabet)}
    return torch.tensor([places.get(character, len(alphabet) - 1) for character in text])
