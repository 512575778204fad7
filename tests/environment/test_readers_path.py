"""What a reader reaches needs nothing that only POSIX has, and no package that only others install.

Windows runs notebooks, labs and commands too, and `make lab` installs neither website nor tests.
"""

import ast
import re
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from utils.execution.closure import Closure
from utils.install.environment import READERS as READERS_SET
from utils.install.environment import SPARED, requirements
from utils.paths import ROOT

# What a reader reaches: the commands of the setting-up page, and what notebooks and labs import.
COMMANDS = ("lab", "run", "doctor", "data", "scoreboard")
READERS = [f"import utils.cli.{name}" for name in COMMANDS] + [
    "import utils.cli, utils.install.__main__, utils.workspace.launch, utils.labs.desk, utils.labs.build",
    "import utils.execution.runner, utils.study, utils.figures",
]
MODULES = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "posix", "syslog", "readline"}
NAMES = {
    "os": {
        *("fork", "geteuid", "getuid", "getgid", "getpgid", "getsid", "setsid", "killpg", "statvfs", "chown"),
        *("posix_fallocate", "sched_getaffinity", "O_NOFOLLOW", "O_NONBLOCK", "WNOHANG", "mkfifo", "fchmod"),
        *("waitid", "wait4", "nice", "sysconf", "getloadavg"),
    },
    "signal": {
        *("SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGXCPU", "SIGALRM", "SIGCHLD", "SIGSTOP", "SIGCONT"),
        *("alarm", "setitimer", "pthread_sigmask"),
    },
}


def reached() -> list:
    return [path for path in Closure(ROOT).files(READERS) if path.suffix == ".py"]


@pytest.mark.parametrize("path", reached(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_reader_needs_no_posix(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert [name for name in imported(tree) if name in MODULES] == []
    assert [name for name in used(tree) if not guarded(name, text)] == []


def spared() -> set[str]:
    """Modules of the packages that a developer has and a reader has not."""
    wanted = {name(text) for text in requirements(ROOT, "dev")} | {
        n for names in SPARED.values() for n in names
    }
    extra = wanted - {name(text) for text in requirements(ROOT, READERS_SET)}
    return {
        module for module, packages in packages_distributions().items() if extra & set(map(name, packages))
    }


def name(text: str) -> str:
    return canonicalize_name(Requirement(text).name)


SPARED_MODULES = spared() - {"nbconvert"}  # the checks of the labs bring it along


@pytest.mark.parametrize("path", reached(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_reader_needs_no_package_of_others(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert {module.split(".")[0] for module in imported(tree)} & SPARED_MODULES == set()


def test_packages_of_others_are_known():
    assert {"playwright", "jupyter_book", "triton", "pytest"} <= SPARED_MODULES
    assert SPARED_MODULES.isdisjoint({"torch", "numba", "otter", "papermill"})


def imported(tree: ast.AST) -> list[str]:
    """Modules that are imported when the file is, not only when a function is called."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    top = [node for node in nodes if node.col_offset == 0]
    return [a.name for node in top if isinstance(node, ast.Import) for a in node.names] + [
        node.module for node in top if isinstance(node, ast.ImportFrom) and node.module
    ]


def used(tree: ast.AST) -> list[str]:
    """Names such as ``os.fork``."""
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    pairs = [(node.value.id, node.attr) for node in attributes if isinstance(node.value, ast.Name)]
    return [f"{module}.{name}" for module, name in pairs if name in NAMES.get(module, ())]


def guarded(name: str, text: str) -> bool:
    """Whether the file asks for this name before it uses it."""
    return bool(re.search(r'(has|get)attr\({}, "{}"'.format(*name.split(".")), text))


def test_the_search_sees_what_it_looks_for():
    tree = ast.parse("import fcntl\nimport os\nos.fork()\n")
    assert imported(tree) == ["fcntl", "os"]
    assert used(tree) == ["os.fork"]
    assert not guarded("os.fork", "os.fork()")
    assert guarded("os.fork", 'if hasattr(os, "fork"): os.fork()')
    assert len(reached()) > 40
