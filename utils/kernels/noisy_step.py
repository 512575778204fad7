"""Optimizer steps with annealed Gaussian gradient noise, in one pass over the parameters (chapter 01)."""

from collections.abc import Sequence
from itertools import accumulate

import torch

from utils.errors import FrugalError
from utils.kernels import checks
from utils.kernels.costs import Cost
from utils.kernels.operation import Operation, Promise
from utils.kernels.philox import normals
from utils.kernels.random_words import check_seed

OP = Operation(
    "noisy_step",
    chapter=1,
    says="SGD and Adam steps with annealed Gaussian gradient noise, in one pass",
    source="Neelakantan et al., Adding Gradient Noise Improves Learning (arXiv:1511.06807)",
    gradient="in place",
    promises={
        "SGD": Promise(load=16, stack=32),
        "Adam": Promise(load=16, stack=32),
    },
)


def annealed_deviation(step: int, eta: float, gamma: float = 0.55) -> float:
    """Standard deviation of the noise at a step, from 0: sqrt(eta / (1 + step)^gamma); eta is a variance."""
    checks.number("eta", eta, 0)
    checks.integer("step", step, 0, "steps are counted from 0")
    return (eta / (1 + step) ** gamma) ** 0.5


@OP
def noisy_sgd(
    parameters: Sequence[torch.Tensor],
    gradients: Sequence[torch.Tensor],
    lr: float,
    deviation: float,
    seed: int,
    step: int,
    backend: str = "auto",
) -> None:
    """Update in place: ``p -= lr * (g + deviation * noise)`` with fresh standard normal noise.

    The noise of element i of all parameters, taken one after another, is a pure function of (seed, step, i),
    the same on every back end up to float32 rounding, whatever the launch grid or number of threads.
    See ``noisy_adam`` for shapes, dtypes and errors.
    """
    _check([parameters, gradients], lr, deviation, seed, step)
    if not parameters:
        return
    update = OP.pick(backend, parameters[0].device, "noisy_sgd")
    for p, g, start in zip(parameters, gradients, _starts(parameters), strict=True):
        update(p.detach(), g.detach(), start, lr, deviation, seed, step)


@OP
def noisy_adam(
    parameters: Sequence[torch.Tensor],
    gradients: Sequence[torch.Tensor],
    means: Sequence[torch.Tensor],
    squares: Sequence[torch.Tensor],
    lr: float,
    deviation: float,
    seed: int,
    step: int,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    backend: str = "auto",
) -> None:
    """Update parameters, means and squares in place: Adam fed with ``g + deviation * noise``.

    Parameters
    ----------
    parameters, gradients, means, squares : contiguous float32 tensors, pairwise of one shape; the last two
        begin as zeros and are the caller's to keep
    lr, betas, eps : as in ``torch.optim.Adam``
    deviation : of the noise, see ``annealed_deviation``; 0 gives plain Adam
    seed : 0 to 2^64 - 1; step : 0 to 2^32 - 1, counted from 0
    backend : "auto", "reference", "triton" or "numba"

    NaN and infinite gradients behave as in the optimizer without noise.

    Raises
    ------
    FrugalError
        for lists of different lengths, other shapes, dtypes or strides, a seed or step out of range.

    References
    ----------
    Neelakantan et al., Adding Gradient Noise Improves Learning for Very Deep Networks (arXiv:1511.06807);
    Adam after Kingma and Ba (arXiv:1412.6980).
    """
    _check([parameters, gradients, means, squares], lr, deviation, seed, step)
    checks.number("eps", eps, 0)
    for beta in betas:
        checks.number("a beta", beta, 0, below=1)
    if not parameters:
        return
    update = OP.pick(backend, parameters[0].device, "noisy_adam")
    rows = zip(parameters, gradients, means, squares, _starts(parameters), strict=True)
    for *tensors, start in rows:
        update(*(t.detach() for t in tensors), start, lr, deviation, seed, step, betas, eps)


def noisy_sgd_reference(p, g, start, lr, deviation, seed, step):
    """The definition, a pass for every operation."""
    p -= lr * (g + deviation * _noise(p, start, seed, step))


def noisy_adam_reference(p, g, m, v, start, lr, deviation, seed, step, betas, eps):
    """The definition, a pass for every operation."""
    noisy = g + deviation * _noise(p, start, seed, step)
    m.lerp_(noisy, 1 - betas[0])
    v.mul_(betas[1]).addcmul_(noisy, noisy, value=1 - betas[1])
    first, second = (1 - beta ** (step + 1) for beta in betas)
    p -= lr / first * m / ((v / second).sqrt() + eps)


def cost(count: int, optimizer: str = "sgd") -> Cost:
    """Per float32 parameter: SGD reads p, g and writes p; Adam reads p, g, m, v and writes p, m, v.

    About 20 integer operations for a word of Philox, 20 for a normal, 4 or 16 for the update.
    """
    read, written, update = (8, 4, 4) if optimizer == "sgd" else (16, 12, 16)
    return Cost((40 + update) * count, read * count, written * count)


def _noise(like: torch.Tensor, start: int, seed: int, step: int) -> torch.Tensor:
    return normals(like.numel(), seed, step, start, like.device).reshape(like.shape)


def _starts(parameters: Sequence[torch.Tensor]) -> list[int]:
    """The number of each tensor's first element when all are laid end to end."""
    return [0, *accumulate(tensor.numel() for tensor in parameters)][:-1]


def _check(lists: list[Sequence[torch.Tensor]], lr: float, deviation: float, seed: int, step: int) -> None:
    if len({len(tensors) for tensors in lists}) != 1:
        raise FrugalError("the lists of parameters, gradients and states differ in length.")
    checks.number("lr", lr, 0)
    checks.number("deviation", deviation, 0)
    checks.integer("seed", seed, 0, "it is a key of 64 bits", most=2**64 - 1)
    check_seed(None, step)
    for row in zip(*lists, strict=True):
        for name, tensor in zip(("a parameter", "a gradient", "a mean", "a square"), row, strict=False):
            checks.kind(name, tensor, torch.Tensor, "leave a parameter without gradient out of the lists")
            checks.dtype(name, tensor, torch.float32)
            checks.shape(name, tensor, *row[0].shape)
            if not tensor.is_contiguous() or tensor.is_neg():
                raise FrugalError(f"{name} is not contiguous (or a negated view); give it contiguous().")
