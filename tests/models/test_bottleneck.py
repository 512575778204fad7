"""Stacked bottlenecks are what single ones would be; norms take mean and variance from the right rows."""

import torch

from utils.ensemble import Momentum
from utils.models.bottleneck import Params, Shape, batch_norm, fit, logits
from utils.models.members import Members

SHAPE = Shape(inputs=6, outputs=3, H=4, layers=2)


def first(*latents):
    return latents[0]


def test_a_member_computes_what_pytorch_computes():
    params, x = SHAPE.start(2, [4, 9]), torch.randn(2, 10, 6, generator=torch.Generator().manual_seed(0))
    found = logits(first, params, x, 10)
    for m in range(2):
        rows = x[m]
        for W in (params.first[m, 0, 0], *params.square[m, :, 0]):
            rows = torch.nn.BatchNorm1d(4)(rows @ W.T).relu()
        torch.testing.assert_close(found[m].T, rows @ params.last[m].T, rtol=1e-4, atol=1e-5)


def test_equal_seeds_start_equal_whoever_else_is_there():
    alone, among = SHAPE.start(2, [4]), SHAPE.start(2, [9, 4])
    assert all(torch.equal(a[0], b[1]) for a, b in zip(alone, among, strict=True))
    assert not torch.equal(among.square[0], among.square[1])


def test_unknown_rows_do_not_move_the_norm():
    g = torch.Generator().manual_seed(0)
    x, ones = torch.randn(2, 4, 12, generator=g), torch.ones(2, 4)
    known = batch_norm(x, ones, 0 * ones, 8)
    torch.testing.assert_close(
        known[..., :8], batch_norm(x[..., :8], ones, 0 * ones, 8), rtol=1e-5, atol=1e-5
    )
    x[..., 8:] += 100
    assert torch.equal(batch_norm(x, ones, 0 * ones, 8)[..., :8], known[..., :8])


def test_training_lowers_the_loss_and_gives_each_member_its_own_rate():
    members = Members([{"rate": 0.0}, {"rate": 0.1}], [1])
    g = torch.Generator().manual_seed(0)
    x = torch.randn(1, 64, 6, generator=g).expand(2, -1, -1)
    y = x[:1, :, :3].argmax(-1)
    start = SHAPE.start(1, members.seeds)
    trained = fit(first, start, lambda step: (x, y.expand(2, -1)), members, 100, Momentum)
    assert isinstance(trained, Params)
    assert torch.equal(trained.first[0], start.first[0])
    losses = [
        torch.nn.functional.cross_entropy(logits(first, trained, x, 64)[m].T, y[0]).item() for m in range(2)
    ]
    assert losses[1] < 0.5 * losses[0]


def test_what_is_stored_by_hand():
    spent = SHAPE.spent(bits=3, latents=4)
    assert spent["weight_bytes"] == 21  # 4 * 6 + 2 * 16 weights of 3 bits
    assert spent["parameters"] == 4 * 6 + 2 * 16 + 3 * 4 + 2 * 3 * 4
