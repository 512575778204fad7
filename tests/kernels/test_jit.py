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


def run(root, code: str, **variables: str) -> str:
    """What the code prints in a process that imports ``utils`` from ``root``."""
    dropped = ("NUMBA_CACHE_DIR", "TRITON_INTERPRET")
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= {"PYTHONPATH": str(root), **variables}
    command = [sys.executable, "-c", code]
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


@pytest.mark.parametrize(
    "name, old, new, changed",
    [
        ("philox.py", "ROUNDS = 10", "ROUNDS = 7", "word"),
        (
            "sparse_simd.py",
            "return builder.load(end)",
            "return builder.fadd(*[builder.load(end)] * 2)",
            "total",
        ),
    ],
)
def test_the_kernels_notice_their_helpers_and_emitters(tmp_path, name, old, new, changed):
    shutil.copytree(ROOT / "utils", tmp_path / "utils", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "utils/kernels/dot_cpu.py").write_text(REAL)
    before = dict(zip(("total", "word"), run(tmp_path, CALL_REAL).split(), strict=True))
    path = tmp_path / "utils/kernels" / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    after = dict(zip(("total", "word"), run(tmp_path, CALL_REAL).split(), strict=True))
    assert {key for key in before if before[key] != after[key]} == {changed}
    assert (before["total"], after["total"]) == ("3.0", "6.0" if changed == "total" else "3.0")
