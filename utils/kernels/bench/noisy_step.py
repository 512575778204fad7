"""Benchmark of ``noisy_sgd`` and ``noisy_adam`` beside PyTorch's fused optimizers, without and with noise."""

from collections.abc import Callable, Iterator

import torch

from utils.kernels.bench.case import Case
from utils.kernels.noisy_step import cost, noisy_adam, noisy_sgd

COUNT = 2**24
LR, DEVIATION, SEED, STEP = 1e-3, 1e-2, 1, 7


def cases(device: str) -> Iterator[Case]:
    """The shapes at which it is measured, each with its peers."""
    p, g, m, v = (torch.zeros(COUNT, device=device) for _ in range(4))
    g.normal_()
    yield Case(
        f"SGD, {COUNT} parameters",
        lambda: noisy_sgd([p], [g], LR, DEVIATION, SEED, STEP),
        _peers(torch.optim.SGD, g),
        cost(COUNT),
        0,
    )
    yield Case(
        f"Adam, {COUNT} parameters",
        lambda: noisy_adam([p], [g], [m], [v], LR, DEVIATION, SEED, STEP),
        _peers(torch.optim.Adam, g),
        cost(COUNT, "adam"),
        8 * COUNT,
    )


def _peers(optimizer: type, gradient: torch.Tensor) -> dict:
    fused, each = (_optimizer(optimizer, gradient, form) for form in ("fused", "foreach"))
    noisy = _optimizer(optimizer, gradient.clone(), "fused")
    parameter = noisy.param_groups[0]["params"][0]

    def add_noise_and_step():
        parameter.grad.add_(torch.randn_like(parameter), alpha=DEVIATION)
        noisy.step()

    return {
        "PyTorch fused, no noise": fused.step,
        "PyTorch foreach, no noise": each.step,
        "PyTorch randn_like, add, fused step": add_noise_and_step,
    }


def _optimizer(optimizer: type, gradient: torch.Tensor, form: str) -> torch.optim.Optimizer:
    parameter = torch.nn.Parameter(torch.zeros_like(gradient))
    parameter.grad = gradient
    return optimizer([parameter], lr=LR, **{form: True})


def forms() -> dict[str, Callable[[], object]]:
    """Calls that take the launcher's different ways, to be compiled; the tensors have no memory."""
    settings = (LR, DEVIATION, SEED, STEP)
    p, odd = [torch.empty(COUNT, device="meta")], [torch.empty(1001, device="meta")] * 2
    return {
        "SGD": lambda: noisy_sgd(p, p, *settings, backend="triton"),
        "Adam": lambda: noisy_adam(p, p, p, p, *settings, backend="triton"),
        "SGD, odd sizes": lambda: noisy_sgd(odd, odd, *settings, backend="triton"),
        "Adam, odd sizes": lambda: noisy_adam(odd, odd, odd, odd, *settings, backend="triton"),
    }
