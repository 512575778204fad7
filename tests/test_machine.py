"""The limits of this machine: measured once, kept for other processes, never believed when damaged."""

import json
import math
from dataclasses import asdict

import pytest
import torch

from utils import machine
from utils.machine import Machine, Sizes


@pytest.fixture(autouse=True)
def small(monkeypatch, tmp_path):
    """Sizes that take no time, a folder of the test's own, and nothing known."""
    monkeypatch.setitem(machine.SIZES, "cpu", Sizes(far=2**20, near=2**14, side=64))
    monkeypatch.setattr(machine, "KEPT", tmp_path)
    monkeypatch.delenv("FRUGAL_PROFILE", raising=False)
    machine._known.cache_clear()
    yield
    machine._known.cache_clear()


@pytest.fixture
def counted(monkeypatch):
    """The sizes of each measurement, none of which is made."""
    made = []

    def fresh(device, threads, sizes):
        made.append(sizes)
        speeds = dict.fromkeys(machine.LEVELS, 1.0), dict.fromkeys(machine.DTYPES, 2.0)
        return Machine(machine._name(device, threads), *speeds)

    monkeypatch.setattr(machine, "_fresh", fresh)
    return made


def as_another_process() -> Machine:
    machine._known.cache_clear()
    return machine.measure("cpu")


def test_limits_are_positive():
    found = machine.measure("cpu")
    assert min(*found.bandwidth.values(), *found.peak.values()) > 0
    assert found.name.endswith("1 thread")


def test_a_product_that_a_gpu_lacks_is_no_peak(monkeypatch):
    """In one layout the other counts; in none the peak is unknown, and nothing else is lost."""
    monkeypatch.setattr(torch, "_int_mm", lambda a, b: refuse() if b.is_contiguous() else torch.mm(a, b))
    assert machine.measure("cpu", anew=True).peak["int8"] > 0
    monkeypatch.setattr(torch, "_int_mm", lambda a, b: refuse())
    found = machine.measure("cpu", anew=True)
    assert math.isnan(found.peak["int8"])
    assert found.peak["float32"] > 0


def refuse():
    raise RuntimeError("CUBLAS_STATUS_NOT_SUPPORTED")


def test_once_for_each_number_of_threads(counted):
    assert machine.measure("cpu") is machine.measure("cpu")
    assert machine.measure("cpu", threads=2).name.endswith("2 threads")
    assert len(counted) == 2


def test_another_process_finds_them(counted):
    assert machine.measure("cpu") == as_another_process()
    assert len(counted) == 1
    machine.measure("cpu", anew=True)
    assert len(counted) == 2


def test_smoke_measures_little(counted, monkeypatch):
    monkeypatch.setenv("FRUGAL_PROFILE", "smoke")
    machine.measure("cpu")
    assert counted == [machine.SMOKE]


CHANGES = {
    "name": "another machine",
    "torch": "0",
    "sizes": asdict(Sizes(1, 1, 1)),
    "date": 0,
    "peak": {"float32": 1.0},
    "bandwidth": {"memory": float("nan"), "cache": 1.0},
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_does_not_hold_here_and_now_is_measured_again(counted, tmp_path, name):
    machine.measure("cpu")
    (path,) = tmp_path.iterdir()
    path.write_text(json.dumps(json.loads(path.read_text()) | {name: CHANGES[name]}))
    as_another_process()
    assert len(counted) == 2


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_damaged_file_is_none(counted, tmp_path, text):
    machine.measure("cpu")
    (path,) = tmp_path.iterdir()
    path.write_text(text)
    as_another_process()
    assert len(counted) == 2


def test_a_folder_that_cannot_be_written_costs_only_time(counted, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr(machine, "KEPT", tmp_path / "file")
    assert machine.measure("cpu") == as_another_process()
    assert len(counted) == 2
