"""The plain rivals: bytes counted, rounding within half a step."""

import pytest
import torch

from utils.arena.technique import DENSE, INT8, deploy_dense, deploy_int8


@pytest.fixture
def layer():
    generator = torch.Generator().manual_seed(3)
    return torch.randn(7, 13, generator=generator), torch.randn(7, generator=generator)


def test_dense_is_the_linear_layer(layer):
    W, b = layer
    x, stored = torch.randn(5, 13), deploy_dense(W, b)
    assert torch.equal(stored.apply(x), torch.nn.functional.linear(x, W, b))
    assert (stored.bytes, stored.multiply_adds) == (4 * (7 * 13 + 7), 7 * 13)


def test_int8_errs_by_at_most_half_a_step(layer):
    W, b = layer
    stored = deploy_int8(W, b)
    read_back = stored.apply(torch.eye(13)).T - b[:, None]
    step = W.abs().amax(1, keepdim=True) / 127
    # Half a step, and the float32 rounding of adding the bias and taking it away again.
    slack = 4 * torch.finfo(torch.float32).eps * (W.abs() + b.abs()[:, None])
    assert ((read_back - W).abs() <= step / 2 + slack).all()
    assert ((read_back / step - (read_back / step).round()).abs() * step <= slack).all()
    assert stored.bytes == 7 * 13 + 4 * 7 + 4 * 7


def test_a_row_of_zeros_stays_zero(layer):
    W, b = layer
    W[2] = 0
    assert torch.equal(deploy_int8(W, b).apply(torch.ones(1, 13))[0, 2], b[2])


def test_plain_techniques_leave_training_alone(layer):
    W, _ = layer
    for technique in (DENSE, INT8):
        assert technique.weight(W) is W
        assert technique.inputs(W) is W
