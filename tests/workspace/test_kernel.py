"""The kernel runs this very Python, and is registered once."""

import json
import sys
from pathlib import Path

from utils.workspace.kernel import register_kernel


def test_kernel_is_this_python(tmp_path):
    spec = tmp_path / "share/jupyter/kernels/python3/kernel.json"
    register_kernel(tmp_path)
    assert Path(json.loads(spec.read_text())["argv"][0]).parent == Path(sys.executable).parent
    before = spec.stat().st_mtime_ns
    register_kernel(tmp_path)
    assert spec.stat().st_mtime_ns == before


def test_kernel_of_another_python_is_replaced(tmp_path):
    spec = tmp_path / "share/jupyter/kernels/python3/kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(
        json.dumps({"argv": ["/elsewhere/bin/python"], "display_name": "Python 3", "language": "python"})
    )
    register_kernel(tmp_path)
    assert json.loads(spec.read_text())["argv"][0] != "/elsewhere/bin/python"
