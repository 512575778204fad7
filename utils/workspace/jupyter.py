"""JupyterLab as the book opens it: the book's own kernel and settings first, the reader's after them.

Nothing is written into the environment, which may be read-only and shared: kernel and settings lie in a
folder of the reader's, and JupyterLab is told to look there first.
"""

import json
import os
import sys
from pathlib import Path

from utils.files import write_atomic
from utils.threads import ONE_THREAD

FOLDER = ".jupyter"
DISPLAY_NAME = "Python (Frugal Deep Learning)"
ANNOUNCEMENTS = "@jupyterlab/apputils-extension:announcements"


def set_up(workspace: Path) -> dict[str, str]:
    """Write kernel and settings below ``workspace``; returns the variables with which to start JupyterLab.

    The kernel is this environment's Python by its full path. News are not fetched, and not asked about.
    """
    folder = workspace / FOLDER
    _write(folder / "kernels/python3/kernel.json", kernel_spec())
    _write(folder / "labconfig/page_config.json", {"disabledExtensions": {ANNOUNCEMENTS: True}})
    return {
        "JUPYTER_PATH": _first(folder, "JUPYTER_PATH"),
        "JUPYTER_CONFIG_PATH": _first(folder, "JUPYTER_CONFIG_PATH"),
        "PATH": _first(Path(sys.executable).parent, "PATH"),
    }


def kernel_spec() -> dict:
    """The kernel: it imports the book's package before a student's ``utils.py`` can take its name.

    ``-P`` keeps the notebook's folder off the path until that is done.
    """
    return {
        "argv": [sys.executable, "-P", "-m", "utils.workspace.launch", "-f", "{connection_file}"],
        "display_name": DISPLAY_NAME,
        "language": "python",
        "env": ONE_THREAD,
        "metadata": {"debugger": True},
    }


def command(workspace: Path, start: str, options: tuple[str, ...]) -> list[str]:
    """The call that opens JupyterLab on the page ``start``; the reader's settings cannot move its root."""
    # In a container root is often the only user, and JupyterLab refuses it unless told.
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    where = [f"--ServerApp.root_dir={workspace}", f"--FileContentsManager.preferred_dir={workspace}"]
    return [sys.executable, "-m", "jupyterlab", start, *where, *root, *options]


def _write(path: Path, content: dict) -> None:
    text = json.dumps(content, indent=1)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_atomic(path, text)


def _first(folder: Path, variable: str) -> str:
    """The variable's value with ``folder`` in front."""
    return os.pathsep.join([str(folder), *filter(None, [os.environ.get(variable)])])
