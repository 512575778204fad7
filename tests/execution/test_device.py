"""The device is settled before anything runs."""

import pytest

from utils.errors import FrugalError
from utils.execution import device


@pytest.mark.parametrize(
    "present, wanted, found", [(True, "auto", "cuda"), (False, "auto", "cpu"), (True, "cpu", "cpu")]
)
def test_resolve(monkeypatch, present, wanted, found):
    monkeypatch.setattr(device, "_has_gpu", lambda: present)
    assert device.resolve(wanted) == found


def test_cuda_without_gpu(monkeypatch):
    monkeypatch.setattr(device, "_has_gpu", lambda: False)
    with pytest.raises(FrugalError, match="torch finds no GPU here"):
        device.resolve("cuda")


def test_no_driver_no_gpu(monkeypatch):
    monkeypatch.setattr(device, "DRIVERS", ("/nonexistent",))
    assert device.resolve("auto") == "cpu"
