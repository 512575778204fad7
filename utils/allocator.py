"""How the C library's allocator is asked to behave in every process of the book.

By default glibc takes every large tensor fresh from the system and gives it back when it is freed, at every
step of a training: each page is cleared again, which on some machines is half of a notebook's time, and it
slows whatever allocates most, also in a comparison of times.
"""

import ctypes
import platform

MMAP_MAX, TRIM_THRESHOLD = -4, -1  # parameters of mallopt(3)


def keep_memory() -> None:
    """Keep freed memory in the process and hand it out again. Does nothing with another C library."""
    if platform.libc_ver()[0] == "glibc":
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(MMAP_MAX, 0)  # no large block is taken from the system apart
        mallopt(TRIM_THRESHOLD, -1)  # and none goes back
