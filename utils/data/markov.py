"""A made-up language with a known optimum: each symbol depends on the two before it.

The generator knows the true probabilities, so a model's loss above the best possible one is computed
exactly: there is no test set and no sampling noise in the metric.
"""

import numpy as np
import torch
from torch import Tensor

SYMBOLS = 24


def transitions(seed: int, symbols: int = SYMBOLS, concentration: float = 0.2) -> Tensor:
    """The language of one seed: the probability of the next symbol after each pair of symbols.

    Every row is drawn from a Dirichlet distribution whose parameters all equal ``concentration``; small
    values make a few symbols likely and the rest rare, as in text.

    Returns
    -------
    Tensor (symbols ** 2, symbols), float32; row ``a * symbols + b`` follows symbol ``a``, then ``b``.
    """
    rows = np.random.default_rng(seed).dirichlet([concentration] * symbols, symbols**2)
    return torch.tensor(rows, dtype=torch.float32)


def stream(P: Tensor, steps: int, batch: int, seed: int) -> tuple[Tensor, Tensor]:
    """Fresh training data for every step: contexts drawn uniformly, and the symbol that follows each.

    Parameters
    ----------
    P : Tensor (contexts, symbols), the result of :func:`transitions`.

    Returns
    -------
    contexts, targets : Tensors (steps, batch), int64.
    """
    rng = np.random.default_rng([seed, 1])  # another stream of random numbers than transitions(seed)
    contexts = rng.integers(len(P), size=(steps, batch))
    cumulative = P.double().cumsum(dim=1).numpy()
    cumulative /= cumulative[:, -1:]  # float32 rows sum to 1 only nearly
    draws = rng.random((steps, batch, 1))
    targets = (draws >= cumulative[contexts]).sum(axis=2)
    return torch.from_numpy(contexts), torch.from_numpy(targets)


def excess_loss(logits: Tensor, P: Tensor) -> Tensor:
    """Loss above the best possible one: the mean over contexts of KL(P || softmax(logits)), in nats.

    Parameters
    ----------
    logits, P : Tensors (..., contexts, symbols).

    Returns
    -------
    Tensor (...,), zero for the true probabilities and positive otherwise.
    """
    surprise = torch.xlogy(P, P) - P * logits.log_softmax(dim=-1)
    return surprise.sum(dim=-1).mean(dim=-1)
