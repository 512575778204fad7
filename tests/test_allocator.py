"""A process that imports the book keeps freed memory and takes it again."""

import os
import platform
import subprocess
import sys

import pytest

CODE = """
import resource
for _ in range(50):
    b"x" * (8 << 20)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
"""


def faults(first: str) -> int:
    """Pages that the system handed out while 50 blocks of 8 MiB came and went, after the line ``first``."""
    done = subprocess.run(
        [sys.executable, "-c", first + CODE],
        env=os.environ | {"MALLOC_MMAP_THRESHOLD_": "65536"},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the setting is glibc's")
def test_freed_memory_is_taken_again():
    # Kept, a block's pages are handed out once instead of fifty times.
    block = (8 << 20) // os.sysconf("SC_PAGE_SIZE")
    assert faults("") - faults("import utils") > 40 * block
