"""Which device type a notebook will compute on, found without importing torch where there is no GPU."""

from pathlib import Path

from utils.errors import FrugalError

DRIVERS = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")  # NVIDIA, AMD, Windows Subsystem for Linux


def resolve(device: str) -> str:
    """Turn ``auto`` into ``cuda`` where torch can use a GPU, else ``cpu``; check an explicit ``cuda``.

    Raises
    ------
    FrugalError
        when ``cuda`` is asked for and torch finds none.
    """
    if device == "cpu":
        return "cpu"
    if _has_gpu():
        return "cuda"
    if device == "cuda":
        raise FrugalError("torch finds no GPU here; run with --device cpu, or see `frugal doctor`.")
    return "cpu"


def _has_gpu() -> bool:
    """Importing torch takes seconds, so it is asked only where a driver is present."""
    if not any(Path(driver).exists() for driver in DRIVERS):
        return False
    import torch

    return torch.cuda.is_available()
