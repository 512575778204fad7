"""The launches of a call, as a GPU would get them: the launcher runs, and what it launches is written down.

The tensors are PyTorch's meta tensors or small ones on the CPU. Every argument is specialized by Triton's own
rules (type, divisible by 16, equal to one), so what is compiled later is what a GPU would run.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest import mock

import torch
from triton.backends.compiler import GPUTarget
from triton.runtime import driver
from triton.runtime.jit import JITFunction

from utils.kernels import backends
from utils.kernels.compiled.targets import TARGETS, Target


@dataclass(frozen=True)
class Launch:
    """One launch: the kernel, its grid, and by target what it is specialized to."""

    kernel: JITFunction
    grid: tuple[int, ...]
    forms: dict[str, tuple]

    @property
    def name(self) -> str:
        """The kernel's, as a reader sees it."""
        return self.kernel.fn.__name__.strip("_")


class Driver:
    """Stands in for a GPU's driver where arguments are specialized."""

    def __init__(self, target: Target):
        self.target = target

    def get_current_target(self) -> GPUTarget:
        """The GPU to compile for; what follows is of no consequence, as nothing is launched."""
        return gpu(self.target)

    def get_current_device(self) -> int:
        """Its number."""
        return 0

    def get_current_stream(self, device: int) -> int:
        """Its queue."""
        return 0

    def get_active_torch_device(self) -> torch.device:
        """Where the tensors are."""
        return torch.device("cpu")


def gpu(target: Target) -> GPUTarget:
    """Triton's word for a target."""
    return GPUTarget(target.backend, target.arch, target.warp)


def launches(call: Callable[[], object], targets: tuple[str, ...] = tuple(TARGETS)) -> list[Launch]:
    """What ``call`` launches for each target; nothing runs, so the results of the call are not filled."""
    found: list[Launch] = []

    def write_down(kernel, *arguments, grid, warmup, **options):
        forms = {}
        for name in targets:
            forms[name], bound = _specialized(kernel, TARGETS[name], arguments, options)
        found.append(Launch(kernel, tuple(grid(bound) if callable(grid) else grid), forms))

    with _without_gpu(), mock.patch.object(JITFunction, "run", write_down):
        call()
    return found


def _specialized(kernel: JITFunction, target: Target, arguments: tuple, options: dict) -> tuple:
    """Signature, constants, attributes and options of a launch, and all arguments by name."""
    driver.set_active(Driver(target))
    *_, backend, binder = kernel.create_binder()
    bound, kinds, chosen = binder(*arguments, **options)
    chosen, signature, constants, attributes = kernel._pack_args(backend, options, bound, kinds, chosen)
    return (signature, constants, attributes, chosen), bound


@contextmanager
def _without_gpu() -> Iterator[None]:
    with mock.patch.object(backends, "_require_runnable"):
        try:
            yield
        finally:
            driver._active = None
