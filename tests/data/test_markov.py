import torch

from utils.data import markov


def test_every_row_is_a_distribution_and_seeds_differ():
    P = markov.transitions(3)
    assert P.shape == (markov.SYMBOLS**2, markov.SYMBOLS)
    assert P.dtype == torch.float32
    assert (P >= 0).all()
    torch.testing.assert_close(P.sum(dim=1), torch.ones(len(P)), atol=markov.SYMBOLS * 2**-24, rtol=0)
    assert torch.equal(P, markov.transitions(3))
    assert not torch.equal(P, markov.transitions(4))


def test_stream_follows_the_probabilities():
    P = markov.transitions(0, symbols=3)
    contexts, targets = markov.stream(P, steps=300, batch=300, seed=5)
    assert contexts.shape == targets.shape == (300, 300)
    assert targets.max() < 3
    pairs = torch.zeros(9, 3).index_put(
        (contexts.flatten(), targets.flatten()), torch.ones(()), accumulate=True
    )
    count = pairs.sum(dim=1, keepdim=True)
    # A frequency from n draws has deviation at most 0.5 / sqrt(n); five of them over 27 cells.
    assert ((pairs / count - P).abs() < 5 * 0.5 / count.sqrt()).all()
    assert ((count / count.sum() - 1 / 9).abs() < 5 * 0.5 / 300).all()


def test_stream_repeats_itself_for_a_seed_only():
    P = markov.transitions(0, symbols=3)
    first, again, other = (markov.stream(P, 2, 50, seed)[0] for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_excess_loss_is_zero_for_the_truth_and_known_for_a_uniform_guess():
    P = markov.transitions(1).double()
    P /= P.sum(dim=1, keepdim=True)  # float32 rows sum to 1 only nearly
    assert markov.excess_loss(P.log().clamp(min=-1e4), P).abs() < 1e-12
    entropy = -torch.xlogy(P, P).sum(dim=1).mean()
    expected = torch.log(torch.tensor(24.0, dtype=torch.float64)) - entropy
    torch.testing.assert_close(markov.excess_loss(torch.zeros_like(P), P), expected, rtol=1e-12, atol=0)


def test_excess_loss_of_stacked_members():
    P = torch.stack([markov.transitions(seed) for seed in (0, 1)])
    logits = torch.randn(2, 24**2, 24, generator=torch.Generator().manual_seed(0))
    alone = torch.stack([markov.excess_loss(logits[i], P[i]) for i in range(2)])
    torch.testing.assert_close(markov.excess_loss(logits, P), alone)
