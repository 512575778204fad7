"""The straight-through estimator: a rounded value whose gradient is that of the value before rounding."""

import torch


def straight_through(
    x: torch.Tensor, rounded: torch.Tensor, largest: float | torch.Tensor | None = None
) -> torch.Tensor:
    """``rounded``, bit for bit, with the gradient of ``x`` where ``|x| <= largest`` (everywhere for None).

    Source: Bengio, Leonard and Courville, Estimating or Propagating Gradients (arXiv:1308.3432).
    """
    if not (x.requires_grad and torch.is_grad_enabled()):
        return rounded
    return _StraightThrough.apply(x, rounded, None if largest is None else x.detach().abs() <= largest)


class _StraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(context, x, rounded, inside):
        context.inside = inside
        return rounded.view_as(rounded)

    @staticmethod
    def backward(context, gradient):
        kept = gradient if context.inside is None else gradient * context.inside
        return kept, None, None
