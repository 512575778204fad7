"""Machine code on disk: found again while its sources are the same, and never after one of them changed."""

import os
import shutil
import subprocess
import sys

import pytest

from utils.paths import ROOT

KERNEL = """
from utils.kernels.helper import FACTOR
from utils.kernels.jit import njit

@njit(cache=True)
def scaled(x):
    return FACTOR * x
"""
CALL = """
from utils.kernels.scaled_cpu import scaled
print(scaled(1), sum(scaled.stats.cache_hits.values()))
"""
REAL = """
from utils.kernels.jit import njit
from utils.kernels.sparse_simd import gather_dot

@njit(cache=True)
def dot(values, columns, x):
    return gather_dot(values, columns, x, 0, len(values))
"""
CALL_REAL = """
import numpy as np
from utils.kernels.dot_cpu import dot
from utils.kernels.philox_cpu import fill_groups, key_words

found = np.zeros((4, 1), np.uint32)
fill_groups(0, key_words(1, 2), 3, found)
print(dot(np.ones(3), np.arange(3), np.ones(3)), found[0, 0])
"""

# Calls of kernels that share functions, are made by factories, or are of instructions written by hand.
CALL_SOME = """
import sys, torch
from numba.core import event
from utils.kernels.noisy_step import noisy_adam, noisy_sgd
from utils.kernels.power_of_two_linear import power_of_two_linear
from utils.kernels.power_of_two_pack import pack_power_of_two
from utils.kernels.ternary_linear import ternary_linear
from utils.kernels.ternary_pack import pack_ternary

ones, state = torch.ones(5, 300, dtype=torch.int8), [torch.zeros(9)]
calls = {
    "ternary": lambda: ternary_linear(ones[:1], torch.ones(1), pack_ternary(ones)),
    "shifts": lambda: power_of_two_linear(torch.ones(1, 300), pack_power_of_two(ones, 0 * ones, bits=2)),
    "sgd": lambda: noisy_sgd(state, state, 1.0, 1.0, 1, 1),
    "adam": lambda: noisy_adam(state, state, state, state, 1.0, 1.0, 1, 1),
}
for name in sys.argv[1:]:
    with event.install_recorder("numba:compile") as compiled:
        calls[name]()
    print(len(compiled.buffer) > 0, end=" ")
"""


def run(root, code: str, *arguments: str, **variables: str) -> str:
    """What the code prints in a process that imports ``utils`` from ``root``."""
    dropped = ("NUMBA_CACHE_DIR", "TRITON_INTERPRET")
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= {"PYTHONPATH": str(root), **variables}
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def kept(folder) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.nb?"))


@pytest.fixture
def package(tmp_path):
    """A project with one kernel, whose factor stands in another file."""
    kernels = tmp_path / "project/utils/kernels"
    kernels.mkdir(parents=True)
    shutil.copy(ROOT / "utils/kernels/jit.py", kernels)
    (kernels / "helper.py").write_text("FACTOR = 2")
    (kernels / "scaled_cpu.py").write_text(KERNEL)
    return tmp_path / "project"


def test_it_is_found_again_until_a_constant_of_another_file_changes(package):
    assert run(package, CALL) == "2 0"
    assert run(package, CALL) == "2 1"
    (package / "utils/kernels/helper.py").write_text("FACTOR = 3")
    assert run(package, CALL) == "3 0"


@pytest.mark.parametrize("place", ["NUMBA_CACHE_DIR", "XDG_CACHE_HOME"])
def test_it_lies_elsewhere_where_the_sources_cannot_be_written(package, tmp_path, place):
    (package / "utils/kernels/__pycache__").write_text("a file where Numba wants a folder")
    assert run(package, CALL, **{place: str(tmp_path / "kept")}) == "2 0"
    assert len(kept(tmp_path / "kept")) == 2
    (package / "utils/kernels/helper.py").write_text("FACTOR = 3")
    assert run(package, CALL, **{place: str(tmp_path / "kept")}) == "3 0"


def test_where_nothing_can_be_written_each_process_compiles(package, tmp_path):
    for folder in (package / "utils/kernels/__pycache__", tmp_path / "home"):
        folder.write_text("a file where Numba wants a folder")
    assert run(package, CALL, HOME=str(tmp_path / "home"), XDG_CACHE_HOME=str(tmp_path / "home")) == "2 0"


def test_nothing_piles_up(package):
    run(package, CALL)
    before = kept(package)
    assert len(before) == 2
    kernel = package / "utils/kernels/scaled_cpu.py"
    for line in ("# shifted", "# and again"):
        kernel.write_text(f"{line}\n{kernel.read_text()}")
        run(package, CALL)
    assert kept(package) == before


HELPERS = {
    "word": ("philox.py", "ROUNDS = 10", "ROUNDS = 7"),
    "total": ("sparse_simd.py", "return builder.load(end)", "return builder.fadd(*[builder.load(end)] * 2)"),
}


def test_the_kernels_notice_their_helpers_and_emitters(tmp_path):
    """Each change of another file changes what was computed from it, and nothing else."""
    shutil.copytree(ROOT / "utils", tmp_path / "utils", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "utils/kernels/dot_cpu.py").write_text(REAL)

    def found() -> dict[str, str]:
        return dict(zip(("total", "word"), run(tmp_path, CALL_REAL).split(), strict=True))

    before = found()
    assert before["total"] == "3.0"
    for changed, (name, old, new) in HELPERS.items():
        path = tmp_path / "utils/kernels" / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))
        before, after = found(), before
        assert {key for key in before if before[key] != after[key]} == {changed}
    assert before["total"] == "6.0"


def test_a_second_process_compiles_only_what_the_first_did_not(tmp_path):
    """Also where both share a function: one optimizer from the cache does not stop the other."""
    place = {"NUMBA_CACHE_DIR": str(tmp_path)}
    assert run(ROOT, CALL_SOME, "ternary", "shifts", "sgd", **place) == "True True True"
    assert run(ROOT, CALL_SOME, "ternary", "shifts", "sgd", "adam", **place) == "False False False True"
