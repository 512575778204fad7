"""The GPUs that the Triton kernels are compiled for where there is no GPU, and what each of them allows."""

from dataclasses import dataclass

# Programs that a launch may have along x, y and z, on NVIDIA GPUs (CUDA C++ Programming Guide, table of
# technical specifications) and, with room, on AMD's.
MOST_PROGRAMS = (2**31 - 1, 65_535, 65_535)


@dataclass(frozen=True)
class Target:
    """A GPU as a compiler sees it.

    Attributes
    ----------
    name : as vendors spell it
    backend, arch, warp : what Triton calls it, and its threads a warp
    shared : bytes of shared memory that one program can get
    """

    name: str
    backend: str
    arch: int | str
    warp: int
    shared: int


# A100, H100 and MI300X; shared memory from the vendors' guides, less the kilobyte that CUDA keeps for itself.
TARGETS = {
    target.name: target
    for target in (
        Target("sm_80", "cuda", 80, 32, 163 * 1024),
        Target("sm_90", "cuda", 90, 32, 227 * 1024),
        Target("gfx942", "hip", "gfx942", 64, 64 * 1024),
    )
}
