"""The regression with a sparse truth: how many inputs a unit reads, scale, and who shares what."""

import torch

from utils.data.sparse_teacher import teacher, world


def test_every_unit_reads_as_many_inputs_as_asked():
    rule = teacher(torch.Generator().manual_seed(3), inputs=20, units=50, reads=4)
    assert rule.shape == (50, 21)
    assert (rule[:, :20] != 0).sum(1).tolist() == [4] * 50


def test_outputs_have_unit_variance_and_belong_to_the_seed():
    both = world([5, 9], 0, steps=3, batch=8, inputs=16, tests=500)
    torch.testing.assert_close(both.y_test.std(1), torch.ones(2, 1))
    alone = world([9], 0, steps=3, batch=8, inputs=16, tests=500)
    assert torch.equal(alone.x, both.x)
    torch.testing.assert_close(alone.y[0], both.y[1])
    assert not torch.equal(both.y[0], both.y[1])


def test_outputs_are_those_of_the_teacher():
    rule = teacher(torch.Generator().manual_seed(5), inputs=16, units=24, reads=3)
    found = world([5], 0, steps=2, batch=8, inputs=16, tests=500)
    raw = (found.x @ rule[:, :16].T).relu() @ rule[:, 16:]
    ratio = raw / found.y[0]
    torch.testing.assert_close(ratio, ratio.mean().expand_as(ratio), rtol=1e-3, atol=0)
