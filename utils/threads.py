"""A notebook computes on one thread: its tensors are small, and a second thread mostly waits for a core.

Measured with one core busy: chapter 1 takes 129 s on one thread and 581 s on two. On a quiet machine two
notebooks side by side, one thread each, take as long as one alone on both cores.
"""

# What the libraries below a notebook read when they start; so it is set where kernels are started.
ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "NUMBA_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)
