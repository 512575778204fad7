"""The kernel runs this very Python, and is registered once."""

import json
import sys
from pathlib import Path

from utils import allocator
from utils.workspace.kernel import register_kernel


def test_kernel_is_this_python(tmp_path):
    spec = tmp_path / "share/jupyter/kernels/python3/kernel.json"
    register_kernel(tmp_path)
    found = json.loads(spec.read_text())
    assert Path(found["argv"][0]).parent == Path(sys.executable).parent
    assert found["env"] == allocator.ENVIRONMENT
    before = spec.stat().st_mtime_ns
    register_kernel(tmp_path)
    assert spec.stat().st_mtime_ns == before


def test_kernel_without_the_environment_is_replaced(tmp_path):
    spec = tmp_path / "share/jupyter/kernels/python3/kernel.json"
    register_kernel(tmp_path)
    spec.write_text(json.dumps(json.loads(spec.read_text()) | {"env": {}}))
    register_kernel(tmp_path)
    assert json.loads(spec.read_text())["env"] == allocator.ENVIRONMENT


def test_kernel_of_another_python_is_replaced(tmp_path):
    spec = tmp_path / "share/jupyter/kernels/python3/kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(
        json.dumps({"argv": ["/elsewhere/bin/python"], "display_name": "Python 3", "language": "python"})
    )
    register_kernel(tmp_path)
    assert json.loads(spec.read_text())["argv"][0] != "/elsewhere/bin/python"
