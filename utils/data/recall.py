"""Associative recall with a known answer: key-value pairs first, later single keys whose value must be named.

Between the pairs runs a sticky Markov chain, so that neighboring tokens are alike as they are in real input.
"""

import torch

from utils.errors import FrugalError

FILLER, KEYS, VALUES, SLOT = 16, 16, 16, 4
SYMBOLS = FILLER + KEYS + VALUES  # codes: filler states first, then keys, then values


def sequences(
    count: int,
    length: int,
    generator: torch.Generator,
    pairs: int = 8,
    stay: float = 0.8,
    once: bool = False,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Sequences and where recall is asked for.

    The sequence consists of slots of four tokens. Each of the first ``pairs`` slots holds one key and its
    value, side by side; the rest is filler, which keeps its state with probability ``stay``. Without ``once``
    each later slot repeats one of the pairs: good to learn from, but most answers then stand in the sequence
    many times. With ``once`` every key comes back exactly once, in a slot drawn at random, so that its answer
    was written once before it is asked for.

    Returns
    -------
    codes : int64 (count, length); asked : bool (count, length), true at a repeated key: the next token is its
        value.

    Raises
    ------
    FrugalError
        when the length is not a multiple of the slot, or leaves too few slots after the pairs.
    """
    slots = length // SLOT
    questions = pairs if once else 1
    if length % SLOT or slots < pairs + questions or not 0 < pairs <= KEYS:
        raise FrugalError(
            f"{length} tokens do not hold {pairs} pairs and {questions} questions in slots of {SLOT}."
        )
    codes = _filler(count, length, stay, generator)
    keys = torch.rand(count, KEYS, generator=generator).argsort(1)[:, :pairs]
    values = torch.randint(VALUES, (count, pairs), generator=generator)
    slot = torch.arange(slots).expand(count, slots)
    which = torch.randint(pairs, (count, slots), generator=generator)
    if once:
        later = pairs + torch.rand(count, slots - pairs, generator=generator).argsort(1)[:, :pairs]
        slot, which = torch.cat([slot[:, :pairs], later], 1), torch.arange(pairs).repeat(count, 2)
    which[:, :pairs] = torch.arange(pairs)
    place = slot * SLOT + torch.randint(SLOT - 1, slot.shape, generator=generator)
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
