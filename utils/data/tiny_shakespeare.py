"""Tiny Shakespeare: 1.1 million characters of plays for character-level language models (Karpathy 2015)."""

from dataclasses import dataclass

import torch

from utils.data.fetch import fetch

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


def load_text() -> Text:
    """The text, its first nine tenths for training and the rest for validation.

    Raises
    ------
    FrugalError
        when the file cannot be had.
    """
    text = fetch("tiny_shakespeare", "input.txt").read_text(encoding="ascii")
    alphabet = "".join(sorted(set(text)))
    codes = torch.tensor([alphabet.index(character) for character in text])
    train = round(len(codes) * (1 - VALIDATION))
    return Text(alphabet, codes[:train], codes[train:])
