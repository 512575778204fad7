"""Many small networks trained as one: their parameters lie stacked along a first axis of members.

A small network leaves a processor idle between its tiny operations. Training all seeds (and all learning
rates) of an arm in one batched product costs little more than training one, and every seed stays
independent of the others.
"""

from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor

from utils.training import cosine_factor, draw_per_seed

BETAS = (0.9, 0.999)
EPS = 1e-8


class Adam:
    """Adam with one learning rate a member (Kingma and Ba, 2015, Algorithm 1) and decoupled weight decay.

    ``torch.optim.AdamW`` has one rate for a whole tensor; stacked members need one each.

    Parameters
    ----------
    params : Tensors whose first axis has M members, float; updated in place.
    decay : each step first multiplies the parameters by one minus rate times decay (Loshchilov and Hutter,
        2019, Algorithm 2).
    """

    def __init__(self, params: Iterable[Tensor], decay: float = 0.0) -> None:
        self.params, self.decay = list(params), decay
        self.mean = [torch.zeros_like(p) for p in self.params]
        self.square = [torch.zeros_like(p) for p in self.params]
        self.count = 0

    @torch.no_grad()
    def step(self, gradients: Iterable[Tensor], rates: Tensor) -> None:
        """One update with ``gradients`` (shaped like the parameters) and ``rates`` (M,)."""
        self.count += 1
        correction = [1 - beta**self.count for beta in BETAS]
        for p, m, v, g in zip(self.params, self.mean, self.square, gradients, strict=True):
            m.lerp_(g, 1 - BETAS[0])
            v.mul_(BETAS[1]).addcmul_(g, g, value=1 - BETAS[1])
            rate = rates.view(-1, *[1] * (p.dim() - 1))
            if self.decay:
                p *= 1 - rate * self.decay
            p -= rate / correction[0] * m / ((v / correction[1]).sqrt_() + EPS)


class Momentum:
    """Gradient descent with momentum 0.9 and weight decay as in ``torch.optim.SGD``, one rate a member.

    Parameters
    ----------
    params : Tensors whose first axis has M members, float; updated in place.
    decay : weight decay, added to the gradient as ``decay * parameter``.
    """

    def __init__(self, params: Iterable[Tensor], decay: float = 0.0) -> None:
        self.params, self.decay = list(params), decay
        self.velocity = [torch.zeros_like(p) for p in self.params]

    @torch.no_grad()
    def step(self, gradients: Iterable[Tensor], rates: Tensor) -> None:
        """One update with ``gradients`` (shaped like the parameters) and ``rates`` (M,)."""
        for p, v, g in zip(self.params, self.velocity, gradients, strict=True):
            v.mul_(0.9).add_(g).add_(p, alpha=self.decay)
            p -= rates.view(-1, *[1] * (p.dim() - 1)) * v


def train(
    params: Iterable[Tensor],
    loss: Callable[[int], Tensor],
    rates: Tensor,
    steps: int,
    warmup: int,
    optimizer: Callable[[list[Tensor]], "Adam | Momentum"] = Adam,
) -> None:
    """Train all members with a linear warm-up and a cosine decay; ``params`` change in place.

    Parameters
    ----------
    params : Tensors (M, ...) that require gradients.
    loss : gives the losses (M,) of all members at a step. Members do not meet in it, so the gradient of
        its sum holds each member's own gradient.
    rates : Tensor (M,), the peak learning rate of each member.
    optimizer : makes the optimizer from the parameters.
    """
    params = list(params)
    mover = optimizer(params)
    for step in range(steps):
        gradients = torch.autograd.grad(loss(step).sum(), params)
        mover.step(gradients, rates * cosine_factor(step, steps, warmup))


def linear_stack(shape: tuple[int, int], seeds: Sequence[int]) -> Tensor:
    """Weights (M, N, K) for ``shape`` (N, K), uniform within one over the root of K, as in ``nn.Linear``.

    Members with equal seeds start from equal weights, whatever the other members are.
    """
    uniform = draw_per_seed(seeds, lambda generator: 2 * torch.rand(shape, generator=generator) - 1)
    return uniform / shape[1] ** 0.5
