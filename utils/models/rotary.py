"""A small decoder with rotary positions whose attention can be exchanged (chapter 19).

All members of a stack (seeds) are trained and run side by side. A width-two shift at the input lets every
token know its predecessor; without it tiny decoders do not learn to look up within seconds.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from utils import ensemble

Attend = Callable[[Tensor, Tensor, Tensor], Tensor]


class Shape(NamedTuple):
    """Sizes of a decoder: model width, blocks, width of a head, symbols of its alphabet."""

    width: int
    depth: int
    d: int
    symbols: int


def rotate(x: Tensor, base: float = 10_000.0) -> Tensor:
    """Turn each pair of channels of x (..., T, d) by an angle that grows with the position.

    The first pair turns by one radian a token, pair p by ``base ** (-2 p / d)`` (RoFormer, Su et al. 2021).
    """
    T, d = x.shape[-2:]
    speed = base ** (-torch.arange(0, d, 2, device=x.device) / d)
    angle = torch.arange(T, device=x.device)[:, None] * speed
    even, odd = x[..., 0::2], x[..., 1::2]
    turned = even * angle.cos() - odd * angle.sin(), even * angle.sin() + odd * angle.cos()
    return torch.stack(turned, -1).flatten(-2)


def dense(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Exact causal attention, (..., T, d) each."""
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)


def masked(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    """Attention over the pairs that ``mask`` (T, keys) allows, or with ``mask`` added to its scores."""
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


def initial(shape: Shape, seeds: Sequence[int], device: torch.device | str = "cpu") -> list[Tensor]:
    """Starting weights: stacks (M, N, K) of symbols, shift, four matrices a block, and the head."""
    D = shape.width
    block = [(3 * D, D), (D, D), (4 * D, D), (D, 4 * D)]
    sizes = [(shape.symbols, D), (D, D), *block * shape.depth, (shape.symbols, D)]
    stacks = [ensemble.linear_stack(size, [97 * s + i for s in seeds]) for i, size in enumerate(sizes)]
    stacks[0] *= D**0.5  # symbols start with entries of order 1
    return [stack.to(device).requires_grad_() for stack in stacks]


def logits(params: Sequence[Tensor], codes: Tensor, d: int, attend: Attend = dense) -> Tensor:
    """Scores of the next symbol, (M, B, T, symbols), after codes (M, B, T).

    Parameters
    ----------
    attend : callable
        Gets rotated queries and keys, and values, (M B, H, T, d) each, and gives (M B, H, T, d).
    """
    symbols, shift, *matrices, head = params
    M, B, T = codes.shape
    x = symbols[torch.arange(M, device=codes.device)[:, None, None], codes]
    x = (x + F.pad(x, (0, 0, 1, -1)) @ shift[:, None].mT).flatten(1, 2)
    for qkv, out, up, down in zip(*[iter(matrices)] * 4, strict=True):
        q, k, v = (_norm(x) @ qkv.mT).view(M * B, T, 3, -1, d).permute(2, 0, 3, 1, 4)
        mixed = attend(rotate(q), rotate(k), v).transpose(1, 2).reshape(x.shape)
        x = x + mixed @ out.mT
        x = x + F.gelu(_norm(x) @ up.mT) @ down.mT
    return (_norm(x) @ head.mT).view(M, B, T, -1)


def losses(params: Sequence[Tensor], codes: Tensor, d: int, attend: Attend = dense) -> tuple[Tensor, Tensor]:
    """Loss in nats and whether the best guess is right, (M, B, T) each, for codes (M, B, T + 1)."""
    found, targets = logits(params, codes[..., :-1], d, attend), codes[..., 1:]
    loss = F.cross_entropy(found.flatten(0, 2), targets.flatten(), reduction="none")
    return loss.view(targets.shape), found.argmax(-1) == targets


@torch.enable_grad()
def fit(
    shape: Shape,
    seeds: Sequence[int],
    draw: Callable[[int], tuple[Tensor, Tensor]],
    steps: int,
    rate: float,
    device: torch.device | str = "cpu",
) -> list[Tensor]:
    """Train by Adam with a warm-up and a cosine decay.

    Parameters
    ----------
    draw : callable
        Gives for a step codes (M, B, T + 1) and a mask (M, B, T); the loss is the mean over all positions
        plus the mean over those of the mask.
    """
    params = initial(shape, seeds, device)

    def member_losses(step: int) -> Tensor:
        codes, mask = draw(step)
        loss, _ = losses(params, codes, shape.d)
        return loss.mean((1, 2)) + mean_over(loss, mask)

    rates = torch.full((len(seeds),), rate, device=device)
    ensemble.train(params, member_losses, rates, steps, warmup=max(1, steps // 10))
    return [p.detach() for p in params]


def mean_over(values: Tensor, mask: Tensor) -> Tensor:
    """Mean of values (M, B, T) where the mask is true, (M,)."""
    return (values * mask).sum((1, 2)) / mask.sum((1, 2))


def _norm(x: Tensor) -> Tensor:
    return F.layer_norm(x, x.shape[-1:])
