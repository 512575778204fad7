"""How the C library's allocator is asked to behave in a notebook's kernel.

By default glibc takes every large tensor fresh from the system and gives it back when it is freed, at every
step of a training: each page is cleared again, which on some machines is half of a notebook's time. Told to
keep what it has, it hands the same memory out again. The variables are read when a process starts; other C
libraries ignore them.
"""

ENVIRONMENT = {
    "MALLOC_MMAP_MAX_": "0",  # no large block is taken from the system apart
    "MALLOC_TRIM_THRESHOLD_": str(2**36),  # bytes; freed memory goes back only above this, so never
}
