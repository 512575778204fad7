"""The instructions that the ternary product is made of, also for processors that are not here."""

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


def emitted(*arguments: str) -> str:
    file = Path(__file__).with_name("emit.py")
    command = [sys.executable, str(file), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("triple, processor, instructions, pattern, count", TARGETS)
def test_the_stream_is_made_of_byte_products(triple, processor, instructions, pattern, count):
    """128 columns of four rows are 512 products: as many instructions as their width says, none more."""
    found = re.findall(pattern, emitted(triple, processor, instructions))
    assert len(found) == count


@pytest.mark.parametrize("triple, processor", [(LINUX, "haswell"), (LINUX, "alderlake"), (MAC, "apple-m1")])
@pytest.mark.parametrize("lanes", ["16", "32"])
def test_tables_are_made_of_additions_only(triple, processor, lanes):
    text = emitted(triple, processor, "tables", lanes)
    additions = re.findall(r"\t(?:vpaddw|vpsubw|add\.8h|sub\.8h|neg\.8h)\t", text)
    assert len(additions) >= 70  # 81 sums, some of which are inputs or zero
    assert not re.findall(r"\t(?:vpmull|vpmadd|mul\.|mla\.|s?dot|vpdp)", text)
