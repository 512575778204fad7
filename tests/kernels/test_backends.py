import pytest
import torch

from utils.errors import FrugalError
from utils.kernels import backends, cpu
from utils.kernels.costs import Cost

CPU, META = torch.ones(1), torch.ones(1, device="meta")


def test_auto_takes_numba_on_the_cpu_or_else_the_reference():
    assert backends.choose("auto", CPU.device) == "numba"
    assert backends.choose("auto", CPU.device, available=("reference", "triton")) == "reference"
    assert backends.choose("auto", META.device) == "reference"


def test_triton_on_cpu_tensors_needs_the_interpreter(monkeypatch):
    monkeypatch.setenv("TRITON_INTERPRET", "1")
    assert backends.choose("triton", CPU.device) == "triton"
    monkeypatch.delenv("TRITON_INTERPRET")
    with pytest.raises(FrugalError, match="TRITON_INTERPRET=1"):
        backends.choose("triton", CPU.device)


@pytest.mark.parametrize(
    "capability, hip, chosen",
    [
        ((7, 5), None, "reference"),
        ((8, 0), None, "triton"),
        ((9, 0), None, "triton"),
        ((0, 0), "6.4", "triton"),
    ],
)
def test_auto_takes_triton_where_it_makes_code_for_the_gpu(monkeypatch, capability, hip, chosen):
    backends._compiles_for.cache_clear()
    monkeypatch.setattr(backends, "has_triton", lambda: True)
    monkeypatch.setattr(torch.version, "hip", hip)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    assert backends.choose("auto", torch.device("cuda", 0)) == chosen
    backends._compiles_for.cache_clear()


def test_a_missing_triton_is_told(monkeypatch):
    monkeypatch.setattr(backends, "has_triton", lambda: False)
    with pytest.raises(FrugalError, match="needs the package triton"):
        backends.choose("triton", CPU.device)


@pytest.mark.parametrize(
    "backend, tensor, available, sentence",
    [
        ("cuda", CPU, backends.BACKENDS, "no back end 'cuda'"),
        ("numba", META, backends.BACKENDS, "not on meta"),
        ("numba", CPU, ("reference",), "no back end 'numba'"),
    ],
)
def test_impossible_choices_are_refused(backend, tensor, available, sentence):
    with pytest.raises(FrugalError, match=sentence):
        backends.choose(backend, tensor.device, available)


def test_tensors_on_two_devices_are_refused():
    with pytest.raises(FrugalError, match="cpu and meta"):
        backends.one_device(CPU, META)


def test_an_instruction_set_that_is_missing_is_refused(monkeypatch):
    monkeypatch.setattr(cpu, "instruction_sets", lambda: ("portable",))
    assert cpu.pick_instructions() == "portable"
    with pytest.raises(FrugalError, match="no 'avx2'; it has: portable"):
        cpu.pick_instructions("avx2")


def test_every_row_is_visited_once():
    for rows, block in [(0, 4), (1, 4), (10, 3), (8, 8)]:
        seen = []
        cpu.over_rows(lambda first, last, seen=seen: seen.extend(range(first, last)), rows, block)
        assert sorted(seen) == list(range(rows))


def test_roofline_bound():
    cost = Cost(operations=100, bytes_read=30, bytes_written=20)
    assert cost.intensity == 2
    assert cost.least_seconds(bandwidth=10, peak=1000) == 5
    assert cost.least_seconds(bandwidth=1000, peak=10) == 10
