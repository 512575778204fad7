"""A filter that takes from a student's processes the system calls by which memory escapes every limit.

Files without a name, shared segments and queues belong to no process that could be counted, and outlive it.
The others have no use in a notebook and a history of faults in kernels.
"""

import ctypes
import errno
import platform
import struct

NAMES = (
    "memfd_create", "memfd_secret", "shmget", "msgget", "semget", "mq_open", "io_uring_setup", "bpf",
    "userfaultfd", "perf_event_open", "keyctl", "add_key", "request_key", "ptrace", "process_vm_readv",
    "process_vm_writev",
)  # fmt: skip
# By machine: its name in the kernel's audit, and the numbers of the calls.
MACHINES = {
    "x86_64": (0xC000003E, (319, 447, 29, 68, 64, 240, 425, 321, 323, 298, 250, 248, 249, 101, 310, 311)),
    "aarch64": (0xC00000B7, (279, 447, 194, 186, 190, 180, 425, 280, 282, 241, 219, 217, 218, 117, 270, 271)),
}
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # opcodes of classic BPF
NUMBER, ARCHITECTURE = 0, 4  # places in struct seccomp_data
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
X32 = 0x40000000  # numbers of the other calling convention of x86-64
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2  # of prctl(2)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def program(machine: str) -> bytes:
    """The filter for a machine, in the kernel's form; empty where the numbers of its calls are not known."""
    if machine not in MACHINES:
        return b""
    audit, numbers = MACHINES[machine]
    steps = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, audit), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER)]
    steps += [(AT_LEAST, len(numbers) + 1, 0, X32)]
    steps += [(EQUAL, len(numbers) - i, 0, number) for i, number in enumerate(numbers)]
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def confine() -> None:
    """Put the filter on this process and all that it starts, for ever.

    Raises
    ------
    OSError
        when the kernel refuses it.
    """
    code = program(platform.machine())
    if not code:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    made = _Program(len(code) // 8, code)
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(SET_SECCOMP, FILTER, ctypes.byref(made), 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp failed")
