"""Count tables, against counting by hand."""

import math

import pytest
import torch

from utils.data import markov
from utils.models import ngram


def test_a_bigram_table_by_hand():
    table = ngram.count_table(torch.tensor([0, 1, 0, 1, 1]), symbols=2, context=1, added=1.0)
    # 0 is followed by 1 twice, 1 by 0 once and by 1 once; one is added to each count
    torch.testing.assert_close(table, torch.tensor([[1 / 4, 3 / 4], [2 / 4, 2 / 4]]))
    loss = ngram.table_loss(table, torch.tensor([0, 1, 0]))
    assert loss == pytest.approx(-(math.log(3 / 4) + math.log(2 / 4)) / 2)


def test_a_trigram_table_finds_the_row_of_its_context():
    codes = torch.tensor([2, 0, 1, 2, 0, 1])
    assert ngram.context_codes(codes, 3, 2).tolist() == [6, 1, 5, 6, 1]
    table = ngram.count_table(codes, 3, 2, added=1e-6)
    assert table[6].argmax() == 1  # "2 0" is always followed by 1
    assert ngram.table_loss(table, codes) < 1e-4


def test_the_table_of_the_last_symbol_is_the_best_of_its_kind():
    P = markov.transitions(3, symbols=5)
    table = ngram.last_symbol_table(P)
    assert torch.equal(table[:5], table[5:10])  # the first symbol of the pair does not count
    torch.testing.assert_close(table[2], P[2::5].mean(0))
    noise = 0.05 * torch.rand(5, 5, generator=torch.Generator().manual_seed(0)).repeat(5, 1)
    assert markov.excess_loss(table.log(), P) < markov.excess_loss((table + noise).log(), P)
    both = torch.stack([P, markov.transitions(4, symbols=5)])
    torch.testing.assert_close(ngram.last_symbol_table(both)[0], table)
