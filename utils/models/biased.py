"""Feed-forward networks with biases, many members side by side: the weights first, then the biases.

For networks without biases see :mod:`utils.models.feedforward`. Masked weights are ordinary weights that are
zero; a mask never concerns a bias.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from utils.models.members import Members


def network(params: Sequence[Tensor], x: Tensor) -> Tensor:
    """Logits of ReLU layers, none behind the last.

    Parameters
    ----------
    params : sequence of Tensor
        W1, ..., WL, each (M, N, K), then b1, ..., bL, each (M, N).
    x : Tensor, shape (M, B, K)

    Returns
    -------
    Tensor, shape (M, B, N)
    """
    weights, biases = params[: len(params) // 2], params[len(params) // 2 :]
    for i, (W, b) in enumerate(zip(weights, biases, strict=True)):
        x = torch.baddbmm(b.unsqueeze(1), x, W.mT)
        x = x.relu() if i < len(weights) - 1 else x
    return x


def with_biases(weights: Sequence[Tensor], members: Members) -> list[Tensor]:
    """Copies of weights (M, N, K) and zero biases behind them, on the device, asking for gradients."""
    return members.own([*weights, *(W.new_zeros(W.shape[:2]) for W in weights)])
