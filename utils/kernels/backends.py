"""Which implementation of an operation runs: chosen from the tensors' device, or forced by the caller."""

import importlib.util
import os
from functools import cache

import torch

from utils.errors import FrugalError

BACKENDS = ("auto", "reference", "triton", "numba")
LEAST_CAPABILITY = (8, 0)


def choose(backend: str, device: torch.device, available: tuple[str, ...] = BACKENDS) -> str:
    """The back end that runs on a device.

    ``auto`` takes Triton for tensors on a GPU (NVIDIA's from compute capability 8.0 on) and Numba for tensors
    on the CPU, and falls back to the plain PyTorch reference where the operation has no faster form there.

    Raises
    ------
    FrugalError
        when the name is unknown, or the forced back end cannot run there.
    """
    if backend not in BACKENDS:
        raise FrugalError(f"there is no back end '{backend}'; choose one of {', '.join(BACKENDS)}.")
    if backend == "auto":
        return _automatic(device, available)
    if backend not in available:
        raise FrugalError(f"this operation has no back end '{backend}' for these inputs; use 'reference'.")
    _require_runnable(backend, device)
    return backend


def one_device(*tensors: torch.Tensor) -> torch.device:
    """The device that all tensors share.

    Raises
    ------
    FrugalError
        when they lie on different devices.
    """
    devices = {tensor.device for tensor in tensors}
    if len(devices) > 1:
        names = " and ".join(sorted(map(str, devices)))
        raise FrugalError(f"the tensors lie on {names}; move them to one device first.")
    return devices.pop()


def has_triton() -> bool:
    """Whether Triton is installed."""
    return importlib.util.find_spec("triton") is not None


def interprets_triton() -> bool:
    """Whether Triton kernels run on CPU tensors, line by line (``TRITON_INTERPRET=1`` before the import)."""
    return os.environ.get("TRITON_INTERPRET") == "1"


def _automatic(device: torch.device, available: tuple[str, ...]) -> str:
    wanted = "numba" if device.type == "cpu" else "triton"
    usable = wanted in available and (wanted == "numba" or _compiles_for(device))
    return wanted if usable else "reference"


@cache
def _compiles_for(device: torch.device) -> bool:
    """Whether Triton makes code for a device: on NVIDIA's GPUs before the A100 it has no int8 products."""
    if device.type != "cuda" or not has_triton():
        return False
    return torch.version.hip is not None or torch.cuda.get_device_capability(device) >= LEAST_CAPABILITY


def _require_runnable(backend: str, device: torch.device) -> None:
    if backend == "numba" and device.type != "cpu":
        raise FrugalError(f"back end 'numba' runs on CPU tensors, not on {device}; use 'triton' or 'auto'.")
    if backend == "triton" and not has_triton():
        raise FrugalError("back end 'triton' needs the package triton (Linux only); use 'auto'.")
    if backend == "triton" and device.type != "cuda" and not interprets_triton():
        raise FrugalError(
            f"back end 'triton' runs on a GPU, not on {device}; use 'auto', or set TRITON_INTERPRET=1 "
            "before Python starts to step through the kernel slowly on the CPU."
        )
