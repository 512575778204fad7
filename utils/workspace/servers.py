"""Whether JupyterLab is running in a folder, read from the notes that each server leaves about itself."""

import json
from pathlib import Path

import psutil
from jupyter_core.paths import jupyter_runtime_dir


def is_served(folder: Path, notes: Path | None = None) -> bool:
    """Whether a running Jupyter server shows ``folder``, or a folder around or inside it."""
    notes = notes or Path(jupyter_runtime_dir())
    return any(_shows(path, folder.resolve()) for path in notes.glob("jpserver-*.json"))


def _shows(note: Path, folder: Path) -> bool:
    try:
        server = json.loads(note.read_text(encoding="utf-8"))
        root = Path(server["root_dir"]).resolve()
        alive = psutil.pid_exists(server["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return alive and (root.is_relative_to(folder) or folder.is_relative_to(root))
