"""A process that starts with the environment keeps freed memory and takes it again."""

import os
import platform
import subprocess
import sys

import pytest

from utils import allocator

CODE = """
import resource
for _ in range(50):
    b"x" * (8 << 20)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
"""


def faults(environment: dict[str, str]) -> int:
    """Pages that the system had to hand out while 50 blocks of 8 MiB came and went."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=plain | environment, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the variables are glibc's")
def test_freed_memory_is_taken_again():
    # Kept, a block's pages are handed out once instead of fifty times.
    block = (8 << 20) // os.sysconf("SC_PAGE_SIZE")
    assert faults({"MALLOC_MMAP_THRESHOLD_": "65536"}) - faults(allocator.ENVIRONMENT) > 40 * block
