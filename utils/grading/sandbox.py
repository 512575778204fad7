"""bubblewrap around the warm parent, and the judge's handles for the processes in it."""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time

from utils.errors import FrugalError
from utils.grading import watch
from utils.grading.peer import Peer
from utils.grading.wire import Gone
from utils.paths import BUILD, LABS, PACKAGE

SYSTEM = (
    "/usr",
    "/bin",
    "/lib",
    "/lib64",
    "/lib32",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/localtime",
)
PACKAGES, BOOK = "/opt/packages", "/opt/frugal"
NOBODY = 65534
WARM_SECONDS = 300
SLEEP = 5  # a process may take so many times its seconds of computing by the clock
TICK = 0.1
GRACE = 2.0  # seconds between the closing of a socket and the end of its process
INSTALL = (
    "install bubblewrap (apt install bubblewrap), grade in the container of .ci/Dockerfile.grade,"
    " or pass --unsafe if you have read every submission"
)


def command(entry: list[str], unsafe: bool) -> tuple[list[str], dict[str, str]]:
    """The command line that runs ``python ENTRY`` in the sandbox, and its environment.

    Raises
    ------
    FrugalError
        when this machine has no bubblewrap, and ``unsafe`` is not set.
    """
    python = os.path.realpath(sys.executable)
    threads = ("OMP", "OMP_THREAD", "MKL", "OPENBLAS", "NUMBA")
    env = {f"{n}_{'LIMIT' if n == 'OMP_THREAD' else 'NUM_THREADS'}": "1" for n in threads}
    env |= {
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "Agg",
        "CUDA_VISIBLE_DEVICES": "",
    }
    env |= {
        "HOME": "/tmp",
        "USER": "student",
        "PATH": "/usr/bin:/bin",
        "LC_ALL": "C.UTF-8",
        "NUMBA_CACHE_DIR": "/tmp",
    }
    if unsafe:
        path = os.pathsep.join([str(PACKAGE.parent), *_site_packages()])
        return [python, "-s", "-P", "-m", *entry], env | {"PYTHONPATH": path}
    tool = shutil.which("bwrap")
    if not (sys.platform == "linux" and tool):
        raise FrugalError(f"students' code is run only inside bubblewrap, which is not here: {INSTALL}.")
    binds = {sys.base_prefix: sys.base_prefix} if not sys.base_prefix.startswith("/usr") else {}
    binds |= {place: f"{PACKAGES}/{i}" for i, place in enumerate(_site_packages())}
    binds[str(PACKAGE)] = f"{BOOK}/utils"
    inner = [tool, "--unshare-all", "--die-with-parent", "--new-session", "--tmpfs", "/tmp"]
    inner += [word for place in SYSTEM if os.path.exists(place) for word in ("--ro-bind", place, place)]
    outer: list[str] = []
    if os.getuid() == 0:  # the kernel counts no processes of root: the sandbox belongs to nobody
        names = {place: f"/mnt/{i}" for i, place in enumerate(binds)}
        outer = [tool, "--dev-bind", "/", "/", "--die-with-parent", "--tmpfs", "/mnt"]
        outer += [word for place, name in names.items() for word in ("--ro-bind", place, name)]
        outer += ["--", shutil.which("setpriv") or "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}"]
        outer += ["--clear-groups", "--"]
        binds = {names[place]: target for place, target in binds.items()}
    inner += [word for place, target in binds.items() for word in ("--ro-bind", place, target)]
    inner += [word for place in (LABS, BUILD) if place.is_dir() for word in ("--tmpfs", str(place))]
    inner += ["--dev", "/dev", "--tmpfs", "/dev/shm", "--proc", "/proc", "--chdir", "/tmp"]
    inner += ["--remount-ro", "/", "--remount-ro", "/dev", "--", python, "-s", "-P", "-m", *entry]
    path = os.pathsep.join([BOOK, *(f"{PACKAGES}/{i}" for i in range(len(_site_packages())))])
    return [*outer, *inner], env | {"PYTHONPATH": path}


def _site_packages() -> list[str]:
    return list(dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib")))


class Zygote:
    """The warm parent; one a judge.

    Parameters
    ----------
    modules
        What to import before the first fork.
    seconds, memory
        Limits of each process: seconds of computing, MB beyond what the warm parent holds.
    unsafe
        Without bubblewrap: the students' code has the rights of whoever calls.

    Raises
    ------
    FrugalError
        when the sandbox does not start; the sentence has bubblewrap's own words.
    """

    def __init__(self, modules: list[str], seconds: int, memory: int, unsafe: bool = False):
        self.limits = {"seconds": seconds, "memory": memory}
        self.unsafe = unsafe
        self.control, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        line, env = command(
            ["utils.grading.zygote", str(far.fileno()), *(["unsafe"] if unsafe else [])], unsafe
        )
        self.process = subprocess.Popen(
            line, env=env, pass_fds=[far.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        far.close()
        self.control.settimeout(WARM_SECONDS)
        self.warm_megabytes = 0.0
        try:
            self.control.sendall(json.dumps(modules).encode())
            ready = self.control.recv(16)
        except OSError:
            ready = b""
        if ready != b"ready":
            self.close()
            words = self.process.stderr.read().decode(errors="replace").strip()[-600:]
            raise FrugalError(f"the sandbox does not start ({words or 'no word'}): {INSTALL}.")

        self.warm_megabytes = watch.megabytes(self.process.pid)

    def start(self, until: float = float("inf")) -> "Session":
        """A process for one submission, which must have ended at this time of the monotonic clock."""
        return Session(self, until)

    def too_much(self) -> str:
        """Why the processes have to be ended: together they hold too much memory. Empty if they do not."""
        if sys.platform != "linux":
            return ""
        held = watch.megabytes(self.process.pid) - self.warm_megabytes
        return f"it held {held:.0f} MB of memory" if held > self.limits["memory"] else ""

    def close(self) -> None:
        """End the process and wait for it."""
        self.control.close()
        self.process.terminate()
        self.process.wait()


class Session:
    """All processes of one submission; closed, none of them is left."""

    def __init__(self, zygote: Zygote, until: float):
        self.zygote, self.until = zygote, until
        self._begin()

    def _begin(self) -> None:
        talk, far_talk = socket.socketpair()
        self.life, far_life = socket.socketpair()
        handles = [far_talk.fileno(), far_life.fileno()]
        socket.send_fds(self.zygote.control, [json.dumps(self.zygote.limits).encode()], handles)
        far_talk.close()
        far_life.close()
        self.root = Process(self, talk)

    def restart(self) -> None:
        """End all processes and begin with a fresh one."""
        self.close()
        self._begin()

    def close(self) -> None:
        """End them, and wait until the last is gone: the next submission must not pay for their memory."""
        with contextlib.suppress(OSError):
            self.life.shutdown(socket.SHUT_WR)
            self.life.settimeout(WARM_SECONDS)
            self.life.recv(1)
        self.life.close()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Process:
    """One process of a submission; asked through ``peer``."""

    def __init__(
        self, session: Session, sock: socket.socket, parent: "Process | None" = None, number: int = 0
    ):
        self.session, self.parent, self.number = session, parent, number
        self.sock, self.ended, self.buried = sock, "", False
        self.deadline, self.late = float("inf"), False
        self.peer = Peer(sock, trusted=True, wait=self._wait)

    @property
    def patience(self) -> float:
        """How many seconds by the clock an answer may take."""
        return SLEEP * (self.session.zygote.limits["seconds"] + 1)

    def fork(self) -> "Process":
        """A copy of this process, as it is now.

        Raises
        ------
        Gone
            when this one has ended.
        """
        near, far = socket.socketpair()
        with far:
            number = self.ask("fork", self.session.zygote.limits["seconds"], files=(far.fileno(),))
        return Process(self.session, near, self, int(number))

    def ask(self, verb: str, *values: object, files: tuple[int, ...] = ()) -> object:
        """A request with the time limit of the session."""
        self.deadline = min(time.monotonic() + self.patience, self.session.until)
        return self.peer.request(verb, *values, files=files)

    def reason(self) -> str:
        """Why it is gone, in the student's words; the process is ended if it is not.

        Raises
        ------
        Gone
            when the process that it was copied from is gone too.
        """
        how = self.parent.ask("end", self.number, 0 if self.ended else GRACE) if self.parent else 0
        self.buried = True
        if how in (signal.SIGXCPU, signal.SIGKILL):
            seconds = self.session.zygote.limits["seconds"]
            return f"it computed for more than {seconds} s: is there a loop without end?"
        return self.ended or "it ended its own process (exit, or a crash of a library)"

    def end(self) -> None:
        """End this process and let its parent bury it.

        Raises
        ------
        Gone
            when its parent is gone too, or could not end all that was left running.
        """
        self.sock.close()
        if self.parent and not self.buried:
            self.parent.ask("end", self.number, 0)

    def _wait(self) -> None:
        while not select.select([self.sock], [], [], TICK)[0]:
            if time.monotonic() > self.deadline:
                self.ended = f"it did not answer within {self.patience} s by the clock: does it sleep?"
                self.late = True
                raise Gone
            self.ended = self.session.zygote.too_much()
            if self.ended:
                raise Gone
