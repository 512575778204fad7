"""Stand-ins have the form of the sets that they stand in for, are small, and are always the same."""

from dataclasses import fields

import pytest
import torch

from utils.data.cifar10 import load_cifar10
from utils.data.mnist import load_mnist
from utils.data.mnist1d import load_mnist1d
from utils.data.planetoid import load_planetoid
from utils.data.python_topics import load_topics
from utils.data.tiny_shakespeare import load_text
from utils.data.wikitext2 import load_wikitext2

LOADERS = {
    "mnist": load_mnist,
    "cifar10": lambda **options: load_cifar10(1, **options),
    "mnist1d": load_mnist1d,
    "cora": lambda **options: load_planetoid("cora", **options),
    "citeseer": lambda **options: load_planetoid("citeseer", **options),
    "tiny_shakespeare": load_text,
    "wikitext2": load_wikitext2,
    "topics": load_topics,
}
COUNTED = {"edges": 1}  # the dimension in which a set may be larger; the first one elsewhere


def form(found) -> dict:
    """Names, dtypes, and shapes without the number of examples; of texts the number of symbols."""
    return {field.name: _form(field.name, getattr(found, field.name)) for field in fields(found)}


def _form(name: str, value) -> tuple:
    if isinstance(value, str):
        return (len(value),)
    shape = list(value.shape)
    shape.pop(COUNTED.get(name, 0))
    return value.dtype, tuple(shape)


def labels(found) -> list[torch.Tensor]:
    return [getattr(found, field.name) for field in fields(found) if "labels" in field.name]


@pytest.mark.parametrize("name", LOADERS)
def test_a_stand_in_has_the_form_of_its_set(name, prepared_data):
    real, made = LOADERS[name](), LOADERS[name](stand_in=True)
    assert type(made) is type(real)
    assert form(made) == form(real)
    for ours, theirs in zip(labels(made), labels(real), strict=True):
        assert set(ours.tolist()) == set(theirs.tolist()) - {-1}  # Citeseer has nodes without a label
    if name == "tiny_shakespeare":
        assert made.alphabet == real.alphabet


@pytest.mark.parametrize("name", LOADERS)
def test_it_needs_no_download_is_small_and_always_the_same(name, monkeypatch):
    def asked(*_):
        raise AssertionError("a file was asked for")

    monkeypatch.setattr("utils.data.fetch.find", asked)
    first, second = LOADERS[name](stand_in=True), LOADERS[name](stand_in=True)
    tensors = [getattr(first, field.name) for field in fields(first)]
    tensors = [value for value in tensors if isinstance(value, torch.Tensor)]
    assert sum(tensor.nbytes for tensor in tensors) < 6e6
    for field in fields(first):
        ours, again = getattr(first, field.name), getattr(second, field.name)
        assert torch.equal(ours, again) if isinstance(ours, torch.Tensor) else ours == again


@pytest.mark.parametrize("name", ["mnist", "cifar10", "mnist1d"])
def test_its_classes_can_be_told_apart(name):
    found = LOADERS[name](stand_in=True)
    x, y, x_test, y_test = (
        getattr(found, field.name).flatten(1).float()
        if "labels" not in field.name
        else getattr(found, field.name)
        for field in fields(found)
    )
    means = torch.stack([x[y == label].mean(dim=0) for label in range(10)])
    assert (torch.cdist(x_test, means).argmin(dim=1) == y_test).float().mean() > 0.9


def test_its_text_repeats_words_and_its_graph_joins_likes():
    text = load_text(stand_in=True)
    words = text.decode(text.train[100:]).split(text.alphabet[-1])
    assert len(set(words)) < len(words) / 10
    graph = load_planetoid("cora", stand_in=True)
    one, other = graph.labels[graph.edges]
    assert (one == other).float().mean() > 0.8
    pairs = set(map(tuple, graph.edges.T.tolist()))
    assert pairs == {(j, i) for i, j in pairs if i != j}
    assert (graph.train.int() + graph.valid.int() + graph.test.int()).unique().tolist() == [1]
