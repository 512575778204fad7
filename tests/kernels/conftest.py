"""Kernels are tested on CPU tensors in Triton's interpreter, and compiled wherever there is a GPU."""

import os

import pytest
import torch

if not torch.cuda.is_available():
    os.environ["TRITON_INTERPRET"] = "1"  # read by triton when it is first imported


def _move(value, device):
    return value.to(device) if hasattr(value, "to") else value


class Backend:
    """Calls operations with one back end, on the device where it runs; results come back to the CPU."""

    def __init__(self, name: str):
        self.name = name
        self.device = "cuda" if name == "triton" and torch.cuda.is_available() else "cpu"

    def __call__(self, operation, *arguments, **options):
        moved = [_move(argument, self.device) for argument in arguments]
        options = {name: _move(value, self.device) for name, value in options.items()}
        result = operation(*moved, backend=self.name, **options)
        return tuple(part.cpu() for part in result) if isinstance(result, tuple) else _move(result, "cpu")


@pytest.fixture(scope="module", params=["reference", "numba", "triton"])
def run(request) -> Backend:
    return Backend(request.param)
