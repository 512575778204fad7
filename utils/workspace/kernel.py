"""The Jupyter kernel that runs the notebooks: this environment's own Python, by its full path."""

import json
import sys
from pathlib import Path

from utils import allocator

DISPLAY_NAME = "Python (Frugal Deep Learning)"


def register_kernel(prefix: Path = Path(sys.prefix)) -> None:
    """Make ``python3`` below ``prefix`` this interpreter, so that no other Python is taken for it.

    Its kernels start with :data:`utils.allocator.ENVIRONMENT`.
    """
    path = prefix / "share/jupyter/kernels/python3/kernel.json"
    if path.is_file():
        spec = json.loads(path.read_text(encoding="utf-8"))
        ours = Path(spec["argv"][0]).parent == Path(sys.executable).parent
        if ours and spec.get("env") == allocator.ENVIRONMENT:
            return
    from ipykernel.kernelspec import install

    install(kernel_name="python3", display_name=DISPLAY_NAME, prefix=str(prefix), env=allocator.ENVIRONMENT)
