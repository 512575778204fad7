"""Python's own help text: split, alphabet, and what is said when it is missing."""

import importlib

import pytest

from utils.data import python_topics
from utils.errors import FrugalError


def test_text_is_whole_and_nearly_all_in_the_alphabet():
    text = python_topics.load_topics()
    topics = importlib.import_module("pydoc_data.topics").topics
    total = sum(map(len, topics.values())) + len(topics) - 1
    assert len(text.train) + len(text.valid) == total
    assert len(text.train) == round(0.9 * total)
    assert len(text.alphabet) == python_topics.SYMBOLS
    assert (text.train == python_topics.SYMBOLS - 1).float().mean() < 1e-3
    first = topics[min(topics)]
    assert text.decode(text.train[:40]) == first[:40]


def test_missing_topics_are_named(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(FrugalError, match="pydoc_data"):
        python_topics.load_topics()
