"""What a compressing chapter brings into the arena: how it trains, and what it then stores and computes."""

from collections.abc import Callable
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


def _nothing(weights: list[Tensor], step: int, steps: int) -> None:
    pass


@dataclass(frozen=True)
class Technique:
    """A way to compress linear layers, trained from the start or applied to a trained network.

    Attributes
    ----------
    name : what the reader sees ("ternary, mean").
    deploy : latent W (N, K) and bias (N,) of one trained layer -> the layer to keep.
    weight : latent W (M, N, K) of M members -> what the forward pass multiplies with, same shape; gradients
        reach the latent weights as the technique wants it.
    inputs : x (M, B, K) -> what is multiplied with those weights (rounded activations, say), same shape.
    after_step : called with the latent weights (changed in place), the step and the number of steps.
    """

    name: str
    deploy: Callable[[Tensor, Tensor], Deployed]
    weight: Callable[[Tensor], Tensor] = _as_it_is
    inputs: Callable[[Tensor], Tensor] = _as_it_is
    after_step: Callable[[list[Tensor], int, int], None] = _nothing

    def only_inputs(self) -> "Technique":
        """This technique for weights that are rounded (or cut) already."""
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
