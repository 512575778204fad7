"""What a compressing chapter brings into the arena: how it trains, and what it then stores and computes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor


@dataclass(frozen=True)
class Deployed:
    """One linear layer as it is stored and run after training.

    Attributes
    ----------
    apply : x (B, K) float32 -> (B, N) float32, the bias included.
    bytes : what the layer takes on disk, scales, indices and bias included.
    multiply_adds : products of a weight and an activation that ``apply`` computes for one row of x.
    """

    apply: Callable[[Tensor], Tensor]
    bytes: int
    multiply_adds: int


def _as_it_is(tensor: Tensor) -> Tensor:
    return tensor


def _one_latent(weight: Tensor, seeds: Sequence[int]) -> Tensor:
    return weight


def _nothing(weights: list[Tensor], step: int, steps: int) -> None:
    pass


@dataclass(frozen=True)
class Technique:
    """A way to compress linear layers, trained from the start or applied to a trained network.

    Attributes
    ----------
    name : what the reader sees ("ternary, mean").
    deploy : latents (..., N, K) and bias (N,) of one trained layer -> the layer to keep.
    weight : latents (M, ..., N, K) of M members -> W (M, N, K) that the forward pass multiplies with;
        gradients reach the latents as the technique wants it.
    inputs : x (M, B, K) -> what is multiplied with those weights (rounded activations, say), same shape.
    start : W (M, N, K) as a dense network starts, and a seed a member -> latents (M, ..., N, K).
    after_step : called with the latents of all layers (changed in place), the step and the number of steps.
    """

    name: str
    deploy: Callable[[Tensor, Tensor], Deployed]
    weight: Callable[[Tensor], Tensor] = _as_it_is
    inputs: Callable[[Tensor], Tensor] = _as_it_is
    start: Callable[[Tensor, Sequence[int]], Tensor] = _one_latent
    after_step: Callable[[list[Tensor], int, int], None] = _nothing

    def only_inputs(self) -> "Technique":
        """The technique for weights that are rounded (or cut) already."""
        return replace(self, weight=_as_it_is)


def deploy_dense(weight: Tensor, bias: Tensor) -> Deployed:
    """Float32 weights and PyTorch's own product."""
    held = 4 * (weight.numel() + bias.numel())
    return Deployed(lambda x: torch.nn.functional.linear(x, weight, bias), held, weight.numel())


def deploy_int8(weight: Tensor, bias: Tensor) -> Deployed:
    """The plain rival: 8-bit weights with one scale a row, rounded after training.

    ``apply`` multiplies with the float32 values that the codes stand for: the error is that of 8 bits, the
    time that of the dense product.
    """
    scale = weight.abs().amax(dim=1, keepdim=True).clamp(min=torch.finfo(weight.dtype).tiny) / 127
    read_back = (weight / scale).round() * scale
    held = weight.numel() + 4 * scale.numel() + 4 * bias.numel()
    return Deployed(lambda x: torch.nn.functional.linear(x, read_back, bias), held, weight.numel())


DENSE = Technique("dense float32", deploy_dense)
INT8 = Technique("dense, rounded to int8 after training", deploy_int8)
