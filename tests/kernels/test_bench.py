"""The benchmark runs, names what it cannot measure, and prints what it found."""

import json
import sys
import types

import pytest
import torch
from click.testing import CliRunner

from utils import roofline
from utils.cli.bench import command as bench_command
from utils.errors import FrugalError
from utils.kernels.bench import optional, peers_cuda, sparse_linear
from utils.kernels.bench import run as bench
from utils.kernels.bench.case import Absent, Case
from utils.kernels.bench.table import table
from utils.kernels.costs import Cost

MACHINE = roofline.Machine("test", {"memory": 1e9}, {"float32": 1e9})


def fail():
    raise RuntimeError("no kernel for this shape | at all\nand a second line")


@pytest.fixture
def measure(monkeypatch):
    """Run the benchmark of one operation that exists only here."""

    def run(cases, **parts):
        module = types.SimpleNamespace(cases=lambda device: iter(cases), **parts)
        monkeypatch.setitem(sys.modules, "utils.kernels.bench.fake", module)
        monkeypatch.setattr(bench, "operations", lambda: ["fake"])
        monkeypatch.setattr(roofline, "measure", lambda device, threads, anew: MACHINE)
        return bench.run(["fake"], "cpu", repeats=3)

    return run


def case(ours=lambda: None, **rivals):
    return Case("a shape", ours, rivals, Cost(10, 20, 30), 40, settings={"batch": 2})


def test_a_peer_that_raises_is_named_and_does_not_end_the_run(measure):
    result = measure([case(good=lambda: sum(range(9)), bad=fail), case(other=lambda: None)])
    first, second = result["operations"]["fake"]
    assert set(first["peers"]) == {"good"}
    assert first["absent"] == {"bad": "raised RuntimeError: no kernel for this shape | at all"}
    assert set(second["peers"]) == {"other"}
    assert first["settings"] == {"batch": 2}
    text = table("fake", {"cpu": result}, ("cpu",))
    assert "| | bad | raised RuntimeError: no kernel for this shape / at all | |" in text
    assert "| | good |" in text


def test_a_peer_that_is_not_installed_is_named(measure):
    rivals = optional.optional("a library", lambda: fail(), "no_such_package_anywhere")
    assert rivals == {"a library": Absent("not installed: no_such_package_anywhere")}
    row = measure([case(**rivals)])["operations"]["fake"][0]
    assert row["absent"] == {"a library": "not installed: no_such_package_anywhere"}


def test_a_peer_that_cannot_be_built_is_named():
    assert optional.optional("a library", fail, "torch")["a library"].reason.startswith("raised RuntimeError")
    assert optional.optional("a library", lambda: fail, "torch") == {"a library": fail}


def test_a_failure_of_ours_is_not_hidden(measure):
    with pytest.raises(RuntimeError, match="no kernel"):
        measure([case(ours=fail, good=lambda: None)])


def test_a_failure_loses_no_earlier_row(measure, monkeypatch, tmp_path):
    """The file is written after each row: what ends the run later takes nothing away."""
    measure([case(), case()])  # the operation exists from here on
    module = sys.modules["utils.kernels.bench.fake"]
    monkeypatch.setattr(
        module, "cases", lambda device: iter([case(), Case("bad", fail, {}, Cost(1, 1, 1), 0)])
    )
    path = tmp_path / "found.json"
    said = CliRunner().invoke(bench_command, ["fake", "--repeats", "3", "--json", str(path)])
    assert isinstance(said.exception, RuntimeError)
    assert [row["shape"] for row in json.loads(path.read_text())["operations"]["fake"]] == ["a shape"]


def test_a_finding_is_kept_and_printed(measure):
    result = measure([case()], finding=lambda rows: f"Found {len(rows)} row.")
    assert result["findings"] == {"fake": "Found 1 row."}
    assert "Found 1 row." in table("fake", {"cpu": result}, ("cpu",))


def test_peers_of_the_gpu_are_all_named_without_one(monkeypatch):
    """Where nothing of theirs is installed, nothing is measured, and each is told to be missing."""
    monkeypatch.setattr(optional.importlib.util, "find_spec", lambda name: None)
    x, weight = torch.zeros(2, 128), torch.zeros(64, 128)
    found = peers_cuda.low_bit_linear(weight, x) | peers_cuda.layer_norm(x, lambda normal: normal)
    assert len(found) == 6
    for library in ("torchao", "gemlite", "liger_kernel"):
        assert any(peer.reason == f"not installed: {library}" for peer in found.values())


def test_the_gpus_own_formats_are_reported_without_one():
    if torch.cuda.is_available():
        pytest.skip("there is a GPU, where they are measured")
    found = peers_cuda.two_of_four(torch.zeros(64, 128), torch.zeros(32, 128))
    assert all(isinstance(peer, Absent) and peer.reason.startswith("raised") for peer in found.values())
    assert len(found) == 2


def rows(*ratios):
    """Measured ratios of dense over sparse at densities 10 %, 20 %, 40 %, batch 1."""
    return [
        {
            "settings": {"form": "CSR", "density": density, "batch": 1},
            "peers": {sparse_linear.DENSE: {"ratio": ratio}},
        }
        for density, ratio in zip((0.1, 0.2, 0.4), ratios, strict=False)
    ]


@pytest.mark.parametrize(
    "ratios, sentence",
    [
        ((4, 2, 0.5), "below 28.3 % density"),  # halfway between 20 and 40 % on logarithmic axes
        ((2, 0.5, 0.25), "below 14.1 % density"),
        ((4, 3, 2), "at every density measured, up to 40 %"),
        ((0.9, 0.5, 0.1), "loses to the dense float32 product even at 10 % density"),
        ((), ""),
    ],
)
def test_the_break_even_density_is_where_the_ratios_cross_one(ratios, sentence):
    assert sentence in sparse_linear.finding(rows(*ratios))


def test_other_names_are_refused():
    with pytest.raises(FrugalError, match="no benchmark 'peers_cuda'"):
        bench.run(["peers_cuda"], "cpu")
