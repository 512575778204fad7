"""The decoder of chapter 19: positions turn, the future is not seen, members do not meet."""

import torch

from utils.models import rotary

SHAPE = rotary.Shape(width=16, depth=2, d=8, symbols=5)


def codes(members=1):
    return torch.randint(5, (members, 2, 12), generator=torch.Generator().manual_seed(0))


def test_products_of_rotated_rows_depend_on_their_distance_alone():
    q, k = torch.randn(2, 1, 8, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    products = rotary.rotate(q.expand(10, 8)) @ rotary.rotate(k.expand(10, 8)).T
    for distance in range(-9, 10):
        diagonal = products.diagonal(distance)
        torch.testing.assert_close(diagonal, diagonal[:1].expand_as(diagonal), rtol=1e-5, atol=1e-5)
    assert products[0].std() > 0.01


def test_later_symbols_change_no_earlier_score():
    params, before = rotary.initial(SHAPE, [3]), codes()
    after = before.clone()
    after[..., 7:] = (after[..., 7:] + 1) % 5
    first, second = (rotary.logits(params, c, 8) for c in (before, after))
    assert torch.equal(first[:, :, :7], second[:, :, :7])
    assert not torch.equal(first[:, :, 7], second[:, :, 7])


def test_a_member_is_the_same_alone_and_in_a_stack():
    both = rotary.logits(rotary.initial(SHAPE, [3, 4]), codes().expand(2, -1, -1), 8)
    alone = rotary.logits(rotary.initial(SHAPE, [4]), codes(), 8)
    torch.testing.assert_close(both[1:], alone, rtol=1e-5, atol=1e-5)


def test_training_lowers_the_loss_and_leaves_nothing_to_differentiate():
    data = torch.arange(13).remainder(5).expand(1, 4, 13)
    draw = lambda step: (data, torch.ones(1, 4, 12, dtype=torch.bool))  # noqa: E731
    with torch.no_grad():  # trained where it is asked for, also inside of a test
        params = rotary.fit(SHAPE, [0], draw, steps=30, rate=0.02)
    assert not any(p.requires_grad for p in params)
    loss, right = rotary.losses(params, data, 8)
    start, _ = rotary.losses(rotary.initial(SHAPE, [0]), data, 8)
    assert loss.mean() < start.mean() / 4
    assert right.double().mean() > 0.9


def test_a_mask_takes_pairs_away():
    q, k, v = torch.randn(3, 1, 6, 4, generator=torch.Generator().manual_seed(2))
    seen = torch.ones(6, 6, dtype=torch.bool).tril()
    torch.testing.assert_close(rotary.masked(q, k, v, seen), rotary.dense(q, k, v))
    torch.testing.assert_close(rotary.masked(q, k, v, torch.eye(6, dtype=torch.bool)), v)
