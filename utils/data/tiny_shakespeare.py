"""Tiny Shakespeare: 1.1 million characters of plays for character-level language models (Karpathy 2015)."""

import string
from dataclasses import dataclass

import torch

from utils.data import stand_in
from utils.data.fetch import fetch

ALPHABET = "\n !$&',-.3:;?" + string.ascii_uppercase + string.ascii_lowercase  # of the set itself
VALIDATION = 0.1  # the last tenth: the set has no official split, and this is the usual one


@dataclass(frozen=True)
class Text:
    """A text as character codes: ``alphabet[code]`` is the character; train and valid int64 (N,)."""

    alphabet: str
    train: torch.Tensor
    valid: torch.Tensor

    def decode(self, codes: torch.Tensor) -> str:
        """The characters of codes int (N,)."""
        return "".join(self.alphabet[code] for code in codes.tolist())


def stand_in_text(alphabet: str) -> Text:
    """A tiny made-up text over ``alphabet``: 20,000 characters for training, 4,000 for validation."""
    codes = stand_in.characters(24_000, len(alphabet))
    return Text(alphabet, codes[:20_000], codes[20_000:])


def load_text(stand_in: bool = False) -> Text:
    """The text, its first nine tenths for training and the rest for validation.

    Parameters
    ----------
    stand_in : bool
        Give a tiny made-up set of the same form instead, without a download: for ``smoke``.

    Raises
    ------
    FrugalError
        when the file cannot be had.
    """
    if stand_in:
        return stand_in_text(ALPHABET)
    text = fetch("tiny_shakespeare", "input.txt").read_text(encoding="ascii")
    alphabet = "".join(sorted(set(text)))
    codes = torch.tensor([alphabet.index(character) for character in text])
    train = round(len(codes) * (1 - VALIDATION))
    return Text(alphabet, codes[:train], codes[train:])
