"""The warm parent inside the sandbox: it imports once what labs need, and forks one process a submission.

It never sees a check, a solution or a student's code. A fork gets namespaces of its own (processes, files,
user), a fresh ``/tmp``, limits, and no rights. Three processes belong to a submission: an outer one that
waits for the judge's hang-up, process 1 of the new namespace, whose death ends all others, and the student's.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import random
import resource
import select
import signal
import socket
import sys
import tempfile
import types
from collections.abc import Callable

from utils.grading import syscalls

NEWNS, NEWIPC, NEWUSER, NEWPID = 0x00020000, 0x08000000, 0x10000000, 0x20000000
NOSUID_NODEV, NOSUID_NODEV_NOEXEC = 6, 14
SET_DEATH_SIGNAL, SET_DUMPABLE = 1, 4
SPACE = b"size=64m,mode=1777"  # of /tmp and of /dev/shm each
PROCESSES, FILES, FILE_BYTES, PIDS = 96, 64, 32 << 20, 400

libc = ctypes.CDLL(None, use_errno=True)


def main(handle: int, outer: Callable) -> None:
    """Warm up, then fork for each message until the judge closes the socket."""
    control = socket.socket(fileno=handle)
    warm_up(json.loads(control.recv(1 << 16)))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for stream in range(3):
        os.dup2(os.open(os.devnull, os.O_RDWR), stream)
    gc.collect()
    gc.freeze()  # or the first collection in each fork would copy all that is shared
    control.sendall(b"ready")
    while True:
        text, handles, _, _ = socket.recv_fds(control, 1 << 12, 2)
        if not text:
            return
        if not os.fork():
            control.close()
            outer(json.loads(text), *handles)
            os._exit(0)
        for open_file in handles:
            os.close(open_file)


def warm_up(modules: list[str]) -> None:
    """Import what the lab imports, and use the parts of PyTorch that load late."""
    import numpy
    import torch
    from IPython.core.inputtransformer2 import TransformerManager

    desk = types.ModuleType("utils.labs.desk")
    desk.Desk = lambda slug: types.SimpleNamespace(check=_nothing, solution=_nothing, check_all=_nothing)
    sys.modules[desk.__name__] = desk
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    torch.set_num_threads(1)  # a process with a pool of threads cannot be forked
    TransformerManager().transform_cell("!x")
    W = torch.nn.Parameter(torch.ones(2, 2))
    for kind in (torch.optim.SGD, torch.optim.AdamW):
        torch.nn.functional.layer_norm(W @ W, (2,)).sum().backward()
        kind([W], lr=0.1).step()
    torch.manual_seed(0)
    numpy.random.seed(0)
    random.seed(0)


def _nothing(*arguments, **named) -> None:
    pass


def _outer(limits: dict, talk: int, life: int) -> None:
    """Wait for the end of process 1, or for the judge's hang-up, and then end process 1."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    user, group = os.getuid(), os.getgid()
    _call(libc.unshare, NEWUSER | NEWPID | NEWNS | NEWIPC)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    ended, alive = os.pipe()
    first = os.fork()
    if not first:
        os.close(life)
        _first(limits, talk)
        os._exit(1)
    os.close(alive)
    os.close(talk)
    watch = select.poll()
    watch.register(ended, select.POLLHUP)
    watch.register(life, select.POLLIN | select.POLLHUP)
    watch.poll()
    os.kill(first, signal.SIGKILL)
    os.waitpid(first, 0)


def _unsafe(limits: dict, talk: int, life: int) -> None:
    """As :func:`_outer`, for machines without namespaces: limits, and nothing else."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    student = os.fork()
    if not student:
        os.close(life)
        _student(limits, talk, strict=False)
    os.close(talk)
    watch = select.poll()
    watch.register(life, select.POLLIN | select.POLLHUP)
    watch.poll()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(student, signal.SIGKILL)


def _first(limits: dict, talk: int) -> None:
    """Process 1: make the place private, start the student's process, bury the dead until it ends."""
    libc.prctl(SET_DEATH_SIGNAL, signal.SIGKILL)
    _mount("proc", "/proc", NOSUID_NODEV_NOEXEC)
    _mount("tmpfs", "/tmp", NOSUID_NODEV, SPACE)
    _mount("tmpfs", "/dev/shm", NOSUID_NODEV, SPACE)
    with open("/proc/sys/user/max_user_namespaces", "w") as file:
        file.write("0")
    with contextlib.suppress(OSError), open("/proc/sys/kernel/pid_max", "w") as file:
        file.write(str(PIDS))  # from Linux 6.14 on this belongs to the namespace
    _without_rights()
    syscalls.confine()
    student = os.fork()
    if not student:
        _student(limits, talk)
    os.close(talk)
    while True:
        with contextlib.suppress(InterruptedError):
            if os.wait()[0] == student:
                os._exit(0)


def _student(limits: dict, talk: int, strict: bool = True) -> None:
    from utils.grading import runner

    limits_of = {resource.RLIMIT_NOFILE: FILES, resource.RLIMIT_FSIZE: FILE_BYTES, resource.RLIMIT_CORE: 0}
    if strict:
        with open("/proc/self/statm") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
        limits_of |= {resource.RLIMIT_AS: now + (limits["memory"] << 20), resource.RLIMIT_NPROC: PROCESSES}
    for kind, limit in limits_of.items():
        resource.setrlimit(kind, (limit, limit))
    os.setsid()
    os.chdir(tempfile.gettempdir())
    runner.serve(talk, runner.fresh_names(), limits["seconds"])


def _without_rights() -> None:
    """No capability, now or later, and no look into this process's memory from another one."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    _call(libc.capset, header, (ctypes.c_uint32 * 6)())
    _call(libc.prctl, SET_DUMPABLE, 0, 0, 0, 0)


def _mount(kind: str, place: str, flags: int, options: bytes | None = None) -> None:
    _call(libc.mount, kind.encode(), place.encode(), kind.encode(), flags, options)


def _call(function, *arguments) -> None:
    if function(*arguments):
        raise OSError(ctypes.get_errno(), f"{function.__name__} failed")


if __name__ == "__main__":
    main(int(sys.argv[1]), _unsafe if "unsafe" in sys.argv else _outer)
