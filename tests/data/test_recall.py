"""Associative recall: every answer is in the sequence, and the filler is as sticky as asked."""

import pytest
import torch

from utils.data import recall
from utils.errors import FrugalError


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_every_question_is_answered_by_an_earlier_pair():
    codes, asked = recall.sequences(20, 64, generator(), pairs=5)
    assert codes.shape == asked.shape == (20, 64)
    assert (asked.sum(1) == 64 // recall.SLOT - 5).all()
    for row, at in asked.nonzero().tolist():
        key, value = codes[row, at].item(), codes[row, at + 1].item()
        earlier = (codes[row, :20] == key).nonzero().flatten()
        assert len(earlier) == 1
        assert codes[row, earlier + 1].item() == value
        assert recall.FILLER <= key < recall.FILLER + recall.KEYS <= value < recall.SYMBOLS


def test_asked_once_the_answer_stands_once_before_the_question():
    codes, asked = recall.sequences(50, 64, generator(3), pairs=6, once=True)
    assert (asked.sum(1) == 6).all()
    for row, at in asked.nonzero().tolist():
        before = codes[row, :at]
        assert (before == codes[row, at]).sum() == 1
        pair = (before == codes[row, at]).nonzero().item()
        assert codes[row, pair + 1] == codes[row, at + 1]
    # Each key comes back in any later slot: distances reach from a few tokens to nearly the whole length.
    first = (codes.unsqueeze(2) == torch.arange(recall.FILLER, recall.FILLER + recall.KEYS)).int().argmax(1)
    places = torch.tensor(
        [[row, at, first[row, codes[row, at] - recall.FILLER]] for row, at in asked.nonzero()]
    )
    distances = places[:, 1] - places[:, 2]
    assert distances.min() < 10
    assert distances.max() > 48


def test_filler_stays_with_its_probability():
    codes, _ = recall.sequences(200, 256, generator(1), pairs=8, stay=0.8)
    filler = codes < recall.FILLER
    both = filler[:, 1:] & filler[:, :-1]
    same = (codes[:, 1:] == codes[:, :-1])[both].double().mean()
    # A jump lands on the same state with probability 1/16; five deviations of a share of n draws.
    assert abs(same - (0.8 + 0.2 / 16)) < 5 * 0.5 / both.sum().sqrt()


def test_a_seed_repeats_itself():
    first, again, other = (recall.sequences(3, 64, generator(s))[0] for s in (4, 4, 5))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize(
    ("length", "pairs", "once"),
    [(63, 5, False), (20, 5, False), (256, 17, False), (64, 0, False), (36, 5, True)],
)
def test_sizes_that_do_not_fit_are_refused(length, pairs, once):
    with pytest.raises(FrugalError, match="slots"):
        recall.sequences(2, length, generator(), pairs=pairs, once=once)
