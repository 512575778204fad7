"""What machine code says about a kernel: registers, local and shared memory, matrix units, width of loads."""

import re
import subprocess
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import triton
from triton.compiler import ASTSource

from utils.kernels.compiled.capture import Launch, gpu
from utils.kernels.compiled.targets import Target

TOOLS = Path(triton.__file__).parent / "backends/nvidia/bin"
# A load from global memory in PTX: how many parts, and bits of each; or a copy past the registers, in bytes.
# With .nc only tables of NVIDIA's mathematical functions are read.
PTX_LOAD = re.compile(r"\bld(?:\.volatile)?\.global(?!\S*\.nc)\S*?(?:\.v(\d))?\.[bsuf](\d+)\s")
PTX_COPY = re.compile(r"\bcp\.async\.c[ag]\.shared\S*\s+\[[^]]*\],\s*\[[^]]*\],\s*(?:0x)?(\w+)")
PTX_MATRIX = re.compile(r"\b(?:wgmma\.mma_async|mma\.sync|tcgen05\.mma)\b")
AMD_LOAD = re.compile(r"\b(?:global|buffer|flat)_load_(?:lds_)?(dwordx?\d?|[us]byte|[us]?short)")
AMD_MATRIX = re.compile(r"\bv_(?:mfma|smfmac)_")
AMD_BYTES = {"ubyte": 1, "sbyte": 1, "ushort": 2, "sshort": 2, "short": 2, "dword": 4}
AMD_BYTES |= {f"dwordx{count}": 4 * count for count in (2, 3, 4)}


@dataclass(frozen=True)
class Facts:
    """Of one kernel on one target.

    Attributes
    ----------
    registers : 32-bit registers of a thread
    stack : bytes of local memory of a thread; they lie in the GPU's main memory, behind its caches
    shared : bytes of shared memory of a program
    matrix : matrix instructions
    load : bytes of a load, such that three quarters of all bytes come by loads at least that wide
    barriers : places where all threads of a program wait for each other
    """

    registers: int
    stack: int
    shared: int
    matrix: int
    load: int
    barriers: int


def facts(launch: Launch, target: Target) -> Facts:
    """Compile a launch down to machine code and read it."""
    signature, constants, attributes, options = launch.forms[target.name]
    source = ASTSource(launch.kernel, signature, constants, attributes)
    made = triton.compile(source, target=gpu(target), options=options.__dict__)
    read = _cuda if target.backend == "cuda" else _amd
    return read(made.asm, made.metadata.shared)


def width(loads: Counter[int]) -> int:
    """The width of ``Facts.load`` from the number of loads of each width; 0 where nothing is loaded."""
    total, wide = sum(size * count for size, count in loads.items()), 0
    for size in sorted(loads, reverse=True):
        wide += size * loads[size]
        if 4 * wide >= 3 * total:
            return size
    return 0


def ptx_loads(ptx: str) -> Counter[int]:
    """How many loads from global memory of how many bytes are in PTX."""
    plain = (int(parts or 1) * int(bits) // 8 for parts, bits in PTX_LOAD.findall(ptx))
    return Counter([*plain, *(int(size, 16) for size in PTX_COPY.findall(ptx))])


def _cuda(made: dict, shared: int) -> Facts:
    ptx, used = made["ptx"], _used(made["cubin"])
    loads = width(ptx_loads(ptx))
    return Facts(
        used["REG"], used["STACK"], shared, len(PTX_MATRIX.findall(ptx)), loads, ptx.count("bar.sync")
    )


def _used(cubin: bytes) -> dict[str, int]:
    """What NVIDIA's own tool reads in machine code, by its names."""
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(cubin)
        file.flush()
        call = [TOOLS / "cuobjdump", "--dump-resource-usage", file.name]
        text = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    return {name: int(number) for name, number in re.findall(r"\b([A-Z]+):(\d+)", text)}


def _amd(made: dict, shared: int) -> Facts:
    code = made["amdgcn"]

    def number(key: str) -> int:
        return int(re.search(rf"\.{key}:\s+(\d+)", code)[1])

    loads = Counter(AMD_BYTES[kind] for kind in AMD_LOAD.findall(code))
    stack = number("private_segment_fixed_size")
    matrix = len(AMD_MATRIX.findall(code))
    return Facts(number("vgpr_count"), stack, shared, matrix, width(loads), code.count("s_barrier"))
