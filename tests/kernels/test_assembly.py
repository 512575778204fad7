"""The instructions that the ternary product is made of, also for processors that are not here."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

LINUX, ARM_LINUX, MAC = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "arm64-apple-macosx"
# Target, processor, instruction set, the instruction of the products and how often it stands in a chunk.
TARGETS = [
    (LINUX, "cascadelake", "vnni512", r"\tvpdpbusd\t.*%zmm", 8),
    (LINUX, "icelake-client", "vnni256", r"\tvpdpbusd\t.*%ymm", 16),
    (LINUX, "alderlake", "vnni256", r"\{vex\}\tvpdpbusd\t.*%ymm", 16),  # no AVX-512: laptops since 2021
    (LINUX, "haswell", "avx2", r"\tvpmaddubsw\t.*%ymm", 16),
    (LINUX, "znver3", "avx2", r"\tvpmaddubsw\t.*%ymm", 16),
    (MAC, "apple-m1", "dotprod", r"\tsdot\.4s\t", 32),
    (ARM_LINUX, "neoverse-n1", "dotprod", r"\tsdot\t.*\.4s", 32),
]


TABLES = [(LINUX, "haswell"), (LINUX, "alderlake"), (MAC, "apple-m1")]
LANES = (16, 32)
STREAM_JOBS = [target[:3] for target in TARGETS]
TABLE_JOBS = [(*target, "tables", lanes) for target in TABLES for lanes in LANES]


@pytest.fixture(scope="module")
def emitted() -> dict[tuple, str]:
    """The assembly of each job, all of them from one process."""
    jobs = [*STREAM_JOBS, *TABLE_JOBS]
    file = Path(__file__).with_name("emit.py")
    done = subprocess.run([sys.executable, str(file)], input=json.dumps(jobs), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(zip(jobs, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("triple, processor, instructions, pattern, count", TARGETS)
def test_the_stream_is_made_of_byte_products(emitted, triple, processor, instructions, pattern, count):
    """128 columns of four rows are 512 products: as many instructions as their width says, none more."""
    assert len(re.findall(pattern, emitted[triple, processor, instructions])) == count


@pytest.mark.parametrize("job", TABLE_JOBS, ids=lambda job: f"{job[1]}-{job[3]}")
def test_tables_are_made_of_additions_only(emitted, job):
    additions = re.findall(r"\t(?:vpaddw|vpsubw|add\.8h|sub\.8h|neg\.8h)\t", emitted[job])
    assert len(additions) >= 70  # 81 sums, some of which are inputs or zero
    assert not re.findall(r"\t(?:vpmull|vpmadd|mul\.|mla\.|s?dot|vpdp)", emitted[job])
