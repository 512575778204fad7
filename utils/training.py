"""Small things that every experiment needs: device, seeds, progress, learning-rate schedule."""

import math
import random
import sys
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
from tqdm import tqdm

from utils.errors import FrugalError


def pick_device(device: str = "auto") -> torch.device:
    """The device to compute on: "auto" is the GPU where there is one, else the CPU.

    Raises
    ------
    FrugalError
        for "cuda" on a machine without a usable GPU, or a name that is none of auto, cpu, cuda.
    """
    if device not in ("auto", "cpu", "cuda"):
        raise FrugalError(f"device '{device}' is unknown: choose auto, cpu or cuda.")
    available = torch.cuda.is_available()
    if device == "cuda" and not available:
        raise FrugalError("device 'cuda' needs a GPU that this PyTorch can use: choose auto or cpu.")
    return torch.device("cuda" if available and device != "cpu" else "cpu")


def seed_everything(seed: int) -> None:
    """Seed Python's, NumPy's and PyTorch's global generators (all devices)."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def draw_per_seed(seeds: Sequence[int], draw: Callable[[torch.Generator], torch.Tensor]) -> torch.Tensor:
    """Stack ``draw(generator)`` over seeds: shape (seeds, ...).

    Each seed has a generator of its own, so its numbers do not depend on which seeds run beside it,
    and many small models can train at once as one batched tensor.
    """
    return torch.stack([draw(torch.Generator().manual_seed(seed)) for seed in seeds])


def progress(iterable: Iterable, text: str) -> Iterable:
    """Iterate with a progress bar that leaves nothing behind: it may not differ from run to run."""
    return tqdm(iterable, desc=text, file=sys.stdout, leave=False, mininterval=0.5, dynamic_ncols=False)


def cosine_factor(step: int, steps: int, warmup: int = 0) -> float:
    """Share of the peak learning rate at ``step``: a linear rise over ``warmup`` steps, then half a cosine.

    It is positive at the first step and reaches 0 after the last one (at ``step == steps``).
    Source: Loshchilov and Hutter, SGDR, arXiv:1608.03983, equation 5 with one cycle.
    """
    if step < warmup:
        return (step + 1) / warmup
    done = (step - warmup) / max(1, steps - warmup)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


def cosine_schedule(
    optimizer: torch.optim.Optimizer, steps: int, warmup: int = 0
) -> torch.optim.lr_scheduler.LambdaLR:
    """A scheduler that multiplies the optimizer's learning rates by :func:`cosine_factor`."""
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: cosine_factor(step, steps, warmup))
