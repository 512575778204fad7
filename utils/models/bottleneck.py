"""A narrow classifier: float layers at both ends, exchangeable weights between, a batch norm behind each.

Parameters are stacked along a first axis of M members (:mod:`utils.ensemble`). Activations are (M, H, rows),
so that a norm runs over neighbors in memory.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from utils import ensemble
from utils.models.feedforward import cross_entropy
from utils.models.members import Members
from utils.training import draw_per_seed

EPS = 1e-5


class Params(NamedTuple):
    """What is trained, in D square layers between two float ones.

    Attributes
    ----------
    first, last : Tensor (M, H, K), Tensor (M, C, H)
        The float layers at both ends.
    gains, shifts : Tensor (M, D + 1, H)
        Of the norms.
    latents : Tensor (M, D, L, H, H)
        L numbers per weight of the square layers.
    """

    first: Tensor
    last: Tensor
    gains: Tensor
    shifts: Tensor
    latents: Tensor


@dataclass(frozen=True)
class Shape:
    """K inputs, ``layers`` square layers of H units between two float ones, C outputs; norms between."""

    inputs: int
    outputs: int
    H: int
    layers: int = 3

    @property
    def he(self) -> float:
        """He's standard deviation for the square layers: the root of two over their inputs."""
        return (2 / self.H) ** 0.5

    def start(self, latents: int, seeds: Sequence[int]) -> Params:
        """Starting parameters: Gaussian with He's deviation, gains 1, shifts 0; equal seeds start equal.

        Parameters
        ----------
        latents : int
            Numbers that are trained per weight of a square layer.
        seeds : sequence of int
            One per member.
        """
        H, K = self.H, self.inputs
        gains = torch.ones(len(seeds), self.layers + 1, H)
        square = self.he * _normal(seeds, 1, self.layers, latents, H, H)
        first, last = (2 / K) ** 0.5 * _normal(seeds, 2, H, K), self.he * _normal(seeds, 3, self.outputs, H)
        return Params(first, last, gains, torch.zeros_like(gains), square)

    def spent(self, bits: int, latents: int) -> dict[str, int]:
        """Bits of a weight, bytes of all square layers' codes, latents per weight, number of parameters."""
        weights = self.layers * self.H**2
        ends = self.H * (self.inputs + self.outputs + 2 * (self.layers + 1))
        held = {"bits": bits, "weight_bytes": -(-weights * bits // 8)}
        return {**held, "latents": latents, "parameters": weights + ends}


def logits(weights: Callable[..., Tensor], params: Params, x: Tensor, known: int) -> Tensor:
    """Logits (M, C, rows) of x (M, rows, K).

    Parameters
    ----------
    weights : callable
        From the L latents, each (M, D, H, H), to the weights (M, D, H, H) that are multiplied with.
    known : int
        The norms take mean and variance from so many first rows: all of a batch in training, all training
        rows when test rows stand behind them. So no running averages are needed.
    """
    square, x = weights(*params.latents.unbind(2)), x.mT
    for place, W in enumerate((params.first, *square.unbind(1))):
        x = batch_norm(W @ x, params.gains[:, place], params.shifts[:, place], known).relu()
    return params.last @ x


def batch_norm(x: Tensor, gain: Tensor, shift: Tensor, known: int) -> Tensor:
    """Normalize each unit of x (M, H, rows) by its first ``known`` rows; gain and shift are (M, H)."""
    channels, mean, variance = x.flatten(0, 1)[None], None, None
    if known < x.shape[-1]:
        variance, mean = torch.var_mean(channels[0, :, :known], 1, correction=0)
    training = mean is None
    found = F.batch_norm(channels, mean, variance, gain.flatten(), shift.flatten(), training, eps=EPS)
    return found.view_as(x)


def fit(
    weights: Callable[..., Tensor],
    params: Params,
    draw: Callable[[int], tuple[Tensor, Tensor]],
    members: Members,
    steps: int,
    optimizer: Callable[[list[Tensor]], object],
) -> Params:
    """Train all members; the rate falls to zero as a cosine.

    Parameters
    ----------
    draw : callable
        ``draw(step)`` gives inputs (M, B, K) and targets int64 (M, B).
    optimizer : callable
        Makes the optimizer from the parameters, in the order of :class:`Params`; see
        :class:`utils.ensemble.Momentum` for what it must do.
    """
    params = Params(*members.own(params))

    def loss(step: int) -> Tensor:
        inputs, targets = draw(step)
        return cross_entropy(logits(weights, params, inputs, inputs.shape[1]).mT, targets)

    ensemble.train(params, loss, members.rates, steps, 0, optimizer)
    return Params(*(param.detach() for param in params))


def _normal(seeds: Sequence[int], number: int, *shape: int) -> Tensor:
    """Gaussian (M, *shape); ``number`` tells the tensors of one seed apart."""
    own = [1000 * seed + number for seed in seeds]
    return draw_per_seed(own, lambda generator: torch.randn(shape, generator=generator))
