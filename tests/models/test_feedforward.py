"""Stacked networks are what many single ones would be."""

import torch
import torch.nn.functional as F

from utils.models import feedforward
from utils.models.feedforward import Shape
from utils.models.members import Members


def plain(x, W):
    return x @ W.mT


def test_a_member_computes_what_it_would_compute_alone():
    weights = feedforward.start((5, 7, 3), [4, 9])
    x = torch.randn(2, 6, 5, generator=torch.Generator().manual_seed(0))
    together = feedforward.forward(plain, weights, x)
    for member in range(2):
        first, last = (W[member] for W in weights)
        torch.testing.assert_close(together[member], (x[member] @ first.T).relu() @ last.T)


def test_equal_seeds_start_equal_whoever_else_is_there():
    alone, among = feedforward.start((5, 7), [4])[0], feedforward.start((5, 7), [9, 4])[0]
    assert torch.equal(alone[0], among[1])
    assert not torch.equal(among[0], among[1])
    tables = feedforward.start_table(6, 4, [4, 9, 4])
    assert torch.equal(tables[0], tables[2])
    assert tables.abs().max() <= 1


def test_a_context_is_embedded_symbol_by_symbol():
    table = feedforward.start_table(6, 4, [0, 1])
    symbols = torch.tensor([[[0, 5, 2]], [[3, 3, 1]]])
    embedded = feedforward.embed(table, symbols)
    expected = torch.stack([table[m][symbols[m]].flatten(1) for m in range(2)])
    assert torch.equal(embedded, expected)


def test_loss_and_accuracy_of_each_member():
    g = torch.Generator().manual_seed(0)
    logits, targets = torch.randn(2, 8, 3, generator=g), torch.randint(3, (2, 8), generator=g)
    losses, shares = feedforward.cross_entropy(logits, targets), feedforward.accuracy(logits, targets)
    for member in range(2):
        torch.testing.assert_close(losses[member], F.cross_entropy(logits[member], targets[member]))
        hits = (logits[member].argmax(1) == targets[member]).sum().item()
        assert shares[member].item() == 100 * hits / 8


def test_gradients_of_a_member_are_its_own():
    weights = feedforward.start((3, 4, 2), [0, 1])
    x, y = torch.ones(2, 5, 3), torch.zeros(2, 5, dtype=torch.int64)
    loss = feedforward.cross_entropy(feedforward.forward(plain, weights, x), y)
    assert not torch.autograd.grad(loss[0], weights)[0][1].any()


def test_bytes_of_a_shape_by_hand():
    shape = Shape(inputs=6, outputs=5, symbols=10, context=2)
    assert shape.widths(4) == (6, 4, 4, 5)
    # 24, 16 and 20 weights, and a table of 10 x 3 numbers
    four = {"width": 4, "bytes": 16 + 12 + 14 + 60, "matrix_bytes": 42, "parameters": 90}
    assert shape.spent(4, bits=4) == four
    ternary = {"width": 4, "bytes": 9 + 8 + 8 + 34, "matrix_bytes": 25, "parameters": 90}
    assert shape.spent(4, bits=1.6, tables=8) == ternary
    assert Shape(inputs=6, outputs=5, hidden=0).spent(4, bits=16)["bytes"] == 60


def test_a_table_is_the_first_parameter():
    shape = Shape(inputs=6, outputs=5, symbols=10, context=2)
    params = shape.start(4, [0, 1])
    assert [tuple(p.shape) for p in params] == [(2, 10, 3), (2, 4, 6), (2, 4, 4), (2, 5, 4)]
    symbols = torch.randint(10, (2, 7, 2), generator=torch.Generator().manual_seed(0))
    embedded = feedforward.embed(params[0], symbols)
    expected = feedforward.forward(plain, params[1:], embedded)
    assert torch.equal(feedforward.logits(plain, params, symbols), expected)
    assert torch.equal(feedforward.logits(plain, params[1:], embedded), expected)


def test_fitting_learns_each_member_with_its_rate_and_nothing_that_is_frozen():
    shape = Shape(inputs=4, outputs=3, hidden=1, symbols=6, context=1)
    members = Members([{"rate": 0.0}, {"rate": 0.05}], [0])
    symbols = torch.arange(6).view(1, 6, 1).expand(2, -1, -1)
    targets = torch.arange(6).expand(2, -1) % 3
    start = shape.start(8, members.seeds)
    before = [p.detach().clone() for p in start]
    trained = feedforward.fit(plain, start, lambda step: (symbols, targets), members, steps=60)
    losses = feedforward.cross_entropy(feedforward.logits(plain, trained, symbols), targets)
    assert losses[1] < 0.1 < losses[0]
    assert all(torch.equal(p[0], old[0]) for p, old in zip(trained, before, strict=True))
    draw = lambda step: (symbols, targets)  # noqa: E731
    table, *matrices = feedforward.fit(plain, start, draw, members, steps=5, learns=slice(1))
    assert all(torch.equal(p, old) for p, old in zip(matrices, before[1:], strict=True))
    assert not torch.equal(table, before[0])


def test_a_table_is_read_as_asked_in_training_and_after_it():
    shape = Shape(inputs=4, outputs=3, hidden=1, symbols=6, context=2)
    params, symbols = shape.start(5, [0, 1]), torch.tensor([[[0, 5], [3, 3]]] * 2)
    halved = [params[0] / 2, *params[1:]]
    expected = feedforward.logits(plain, halved, symbols)
    torch.testing.assert_close(feedforward.logits(plain, params, symbols, lambda table: table / 2), expected)
    members = Members([{"rate": 0.1}], [0, 1])
    draw = lambda _: (symbols, torch.zeros(2, 2, dtype=torch.int64))  # noqa: E731
    learned = feedforward.fit(plain, params, draw, members, 10, read=lambda table: 0 * table)
    assert torch.equal(learned[0], params[0])  # a table that is not seen does not learn
