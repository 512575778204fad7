"""A narrow classifier: exchangeable weights in all layers but the last, a batch norm behind each of them.

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
    """What is trained: a float last layer, the norms, and L latent numbers per weight of all other layers.

    Attributes
    ----------
    last : Tensor (M, C, H)
        The last layer.
    gains, shifts : Tensor (M, D + 1, H)
        Of the norms.
    first : Tensor (M, 1, L, H, K)
        Latents of the first layer.
    square : Tensor (M, D, L, H, H)
        Latents of the D layers that follow.
    """

    last: Tensor
    gains: Tensor
    shifts: Tensor
    first: Tensor
    square: Tensor

    @property
    def latents(self) -> tuple[Tensor, Tensor]:
        """Those of the first layer and those of the others."""
        return self.first, self.square


@dataclass(frozen=True)
class Shape:
    """K inputs, then ``layers`` square layers of H units, C outputs; a norm and a ReLU between."""

    inputs: int
    outputs: int
    H: int
    layers: int = 3

    @property
    def he(self) -> float:
        """He's standard deviation for the square layers: the root of two over their inputs."""
        return (2 / self.H) ** 0.5

    def start(self, latents: int, seeds: Sequence[int]) -> Params:
        """Starting parameters: Gaussian with the same standard deviation, gains 1, shifts 0.

        Parameters
        ----------
        latents : int
            Numbers that are trained per weight.
        seeds : sequence of int
            One per member; equal seeds start equal.
        """
        H, gains = self.H, torch.ones(len(seeds), self.layers + 1, self.H)
        first = self.he * _normal(seeds, 1, 1, latents, H, self.inputs)
        square = self.he * _normal(seeds, 2, self.layers, latents, H, H)
        return Params(
            self.he * _normal(seeds, 3, self.outputs, H), gains, torch.zeros_like(gains), first, square
        )

    def spent(self, bits: int, latents: int) -> dict[str, int]:
        """Bits of a weight, bytes of the codes, latents per weight, number of parameters."""
        weights = self.H * self.inputs + self.layers * self.H**2
        floats = self.H * (self.outputs + 2 * (self.layers + 1))
        held = {"bits": bits, "weight_bytes": -(-weights * bits // 8)}
        return {**held, "latents": latents, "parameters": weights + floats}


def logits(weights: Callable[..., Tensor], params: Params, x: Tensor, known: int) -> Tensor:
    """Logits (M, C, rows) of x (M, rows, K).

    Parameters
    ----------
    weights : callable
        From the L latents, each (M, D, N, K), to the weights (M, D, N, K) that are multiplied with.
    known : int
        The norms take mean and variance from so many first rows: all of a batch in training, all training
        rows when test rows stand behind them. So no running averages are needed.
    """
    x, layers = x.mT, [W for part in params.latents for W in weights(*part.unbind(2)).unbind(1)]
    for place, W in enumerate(layers):
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
