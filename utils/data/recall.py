"""Associative recall with a known answer: key-value pairs first, later single keys whose value must be named.

Between the pairs runs a sticky Markov chain, so that neighboring tokens are alike as they are in real input.
"""

import torch

from utils.errors import FrugalError

FILLER, KEYS, VALUES, SLOT = 16, 16, 16, 4
SYMBOLS = FILLER + KEYS + VALUES  # codes: filler states first, then keys, then values


def sequences(
    count: int, length: int, generator: torch.Generator, pairs: int = 8, stay: float = 0.8
) -> tuple[torch.Tensor, torch.Tensor]:
    """Sequences and where recall is asked for.

    The sequence consists of slots of four tokens. Each of the first ``pairs`` slots holds one key and its
    value, side by side, each later slot one of these keys and again its value; the rest is filler, which
    keeps its state with probability ``stay``.

    Returns
    -------
    codes : int64 (count, length); asked : bool (count, length), true at a repeated key: the next token is its
        value, and nothing but the earlier pair tells it.

    Raises
    ------
    FrugalError
        when the length is not a multiple of the slot, or leaves no slot after the pairs.
    """
    slots = length // SLOT
    if length % SLOT or slots <= pairs or not 0 < pairs <= KEYS:
        raise FrugalError(f"{length} tokens do not hold {pairs} pairs and a question in slots of {SLOT}.")
    codes = _filler(count, length, stay, generator)
    keys = torch.rand(count, KEYS, generator=generator).argsort(1)[:, :pairs]
    values = torch.randint(VALUES, (count, pairs), generator=generator)
    which = torch.randint(pairs, (count, slots), generator=generator)
    which[:, :pairs] = torch.arange(pairs)
    place = torch.arange(slots) * SLOT + torch.randint(SLOT - 1, (count, slots), generator=generator)
    codes.scatter_(1, place, FILLER + keys.gather(1, which))
    codes.scatter_(1, place + 1, FILLER + KEYS + values.gather(1, which))
    asked = torch.zeros(count, length, dtype=torch.bool).scatter_(1, place[:, pairs:], True)
    return codes, asked


def _filler(count: int, length: int, stay: float, generator: torch.Generator) -> torch.Tensor:
    """A chain over the filler states: fresh ones are drawn everywhere, and held until the next jump."""
    fresh = torch.randint(FILLER, (count, length), generator=generator)
    jump = torch.rand(count, length, generator=generator) >= stay
    jump[:, 0] = True
    last = torch.where(jump, torch.arange(length), 0).cummax(1).values
    return fresh.gather(1, last)
