"""Tiny Shakespeare: size, alphabet, split, and the way back from codes to characters."""

import torch

from utils.data.tiny_shakespeare import Text, load_text


def test_text_is_complete_and_split_at_nine_tenths(prepared_data):
    text = load_text()
    assert len(text.alphabet) == 65
    assert len(text.train) + len(text.valid) == 1_115_394
    assert len(text.train) == round(0.9 * 1_115_394)
    assert text.train.dtype == torch.int64
    original = (prepared_data / "tiny_shakespeare/input.txt").read_text(encoding="ascii")
    assert text.decode(torch.cat([text.train, text.valid])) == original


def test_decode_by_hand():
    empty = torch.tensor([], dtype=torch.int64)
    assert Text("abc", empty, empty).decode(torch.tensor([2, 0, 1])) == "cab"
