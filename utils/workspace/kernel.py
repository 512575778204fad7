"""The Jupyter kernel that runs the notebooks: this environment's Python by its full path, one thread."""

import json
import sys
from pathlib import Path

from utils.threads import ONE_THREAD

DISPLAY_NAME = "Python (Frugal Deep Learning)"


def register_kernel(prefix: Path = Path(sys.prefix)) -> None:
    """Make ``python3`` below ``prefix`` this interpreter, so that no other Python is taken for it."""
    spec = prefix / "share/jupyter/kernels/python3/kernel.json"
    if spec.is_file():
        known = json.loads(spec.read_text(encoding="utf-8"))
        if Path(known["argv"][0]).parent == Path(sys.executable).parent and known.get("env") == ONE_THREAD:
            return
    from ipykernel.kernelspec import install

    install(kernel_name="python3", display_name=DISPLAY_NAME, prefix=str(prefix), env=ONE_THREAD)
