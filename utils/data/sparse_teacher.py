"""A regression whose truth is sparse: teachers of ReLU units, each of which reads a few of the inputs."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from utils.training import draw_per_seed


class World(NamedTuple):
    """Inputs that all seeds share, and each seed's outputs, of unit variance on the test inputs.

    Attributes
    ----------
    x : Tensor, shape (steps, batch, inputs)
    y : Tensor, shape (seeds, steps, batch, 1)
    x_test : Tensor, shape (tests, inputs)
    y_test : Tensor, shape (seeds, tests, 1)
    """

    x: Tensor
    y: Tensor
    x_test: Tensor
    y_test: Tensor


def teacher(generator: torch.Generator, inputs: int, units: int, reads: int) -> Tensor:
    """Gaussian weights (units, inputs + 1): ``reads`` nonzero inputs a unit, then its output weight."""
    places = torch.rand(units, inputs, generator=generator).argsort(1) < reads
    w, v = (torch.randn(units, n, generator=generator) for n in (inputs, 1))
    return torch.cat([w * places, v], 1)


def world(
    seeds: Sequence[int],
    shared: int,
    steps: int,
    batch: int = 64,
    inputs: int = 64,
    units: int = 24,
    reads: int = 3,
    tests: int = 4000,
) -> World:
    """Standard normal inputs, fresh at every step, and what each seed's teacher answers.

    Parameters
    ----------
    seeds : sequence of int
        One teacher per seed.
    shared : int
        Seed of the inputs, which all teachers see.
    """
    generator = torch.Generator().manual_seed(shared)
    rules = draw_per_seed(seeds, lambda own: teacher(own, inputs, units, reads))
    x, x_test = (torch.randn(count, inputs, generator=generator) for count in (steps * batch, tests))
    y, y_test = ((part @ rules[:, :, :inputs].mT).relu() @ rules[:, :, inputs:] for part in (x, x_test))
    scale = y_test.std(1, keepdim=True)
    y = (y / scale).view(len(seeds), steps, batch, 1)
    return World(x.view(steps, batch, inputs), y, x_test, y_test / scale)
