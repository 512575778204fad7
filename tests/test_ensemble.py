from functools import partial

import pytest
import torch

from utils.ensemble import Adam, Momentum, linear_stack, train


@pytest.mark.parametrize(
    ("own", "peer_of"),
    [
        (Adam, torch.optim.Adam),
        (partial(Adam, decay=0.1), partial(torch.optim.AdamW, weight_decay=0.1)),
        (Momentum, partial(torch.optim.SGD, momentum=0.9)),
        (partial(Momentum, decay=0.1), partial(torch.optim.SGD, momentum=0.9, weight_decay=0.1)),
    ],
    ids=["adam", "adamw", "momentum", "decay"],
)
def test_each_member_moves_as_under_torch_with_its_rate(own, peer_of):
    start = torch.randn(2, 3, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    rates = torch.tensor([0.01, 0.3], dtype=torch.float64)
    ours = start.clone()
    optimizer = own([ours])
    theirs = [start[i].clone().requires_grad_() for i in range(2)]
    peers = [peer_of([p], lr=float(rate)) for p, rate in zip(theirs, rates, strict=True)]
    for step in range(5):
        gradient = torch.randn(2, 3, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(step))
        optimizer.step([gradient], rates)
        for i, peer in enumerate(peers):
            theirs[i].grad = gradient[i]
            peer.step()
    torch.testing.assert_close(ours, torch.stack(theirs).detach(), rtol=1e-12, atol=1e-12)


def test_a_member_does_not_depend_on_its_neighbors():
    def run(seeds, rates):
        W = linear_stack((1, 3), seeds).requires_grad_()
        train([W], lambda step: ((W - 1) ** 2).sum(dim=(1, 2)), torch.tensor(rates), steps=20, warmup=2)
        return W.detach()

    torch.testing.assert_close(run([4, 5], [0.1, 0.2])[1], run([5], [0.2])[0])


@pytest.mark.parametrize("optimizer", [Adam, Momentum])
def test_training_reaches_the_minimum(optimizer):
    W, rates = linear_stack((2, 2), [0]).requires_grad_(), torch.tensor([0.1])
    train([W], lambda step: ((W - 0.5) ** 2).sum(dim=(1, 2)), rates, 300, 5, optimizer)
    assert ((W - 0.5).abs() < 1e-3).all()


def test_linear_stack_has_the_bound_of_nn_linear_and_equal_members_for_equal_seeds():
    W = linear_stack((50, 16), [3, 3, 4])
    assert W.shape == (3, 50, 16)
    assert W.abs().max() <= 0.25
    assert torch.equal(W[0], W[1])
    assert not torch.equal(W[0], W[2])
