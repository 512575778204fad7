"""JupyterLab opens with the book's kernel and settings, and writes nothing into the environment."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import start_new_kernel

from utils.threads import ONE_THREAD
from utils.workspace import jupyter

# What JupyterLab itself makes of all settings; in a process of its own, since paths are read once.
SETTINGS = """
import json
from jupyter_core.paths import jupyter_config_path
from jupyterlab_server.config import get_page_config
print(json.dumps(get_page_config(jupyter_config_path())))
"""


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """A workspace that is set up, with its variables in the environment."""
    for name, value in jupyter.set_up(tmp_path).items():
        monkeypatch.setenv(name, value)
    return tmp_path


def run(code: str, folder: Path) -> str:
    """What the book's kernel says to some code, with ``folder`` as its working folder."""
    manager, client = start_new_kernel(cwd=str(folder), env=dict(os.environ))
    try:
        said = []
        client.execute_interactive(
            code, timeout=300, output_hook=lambda message: said.append(message["content"])
        )
        return "\n".join(str(c.get("text") or c.get("evalue") or "") for c in said)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_kernel_is_this_python_even_where_another_one_is_named(workspace, monkeypatch):
    other = workspace / "other/kernels/python3"
    other.mkdir(parents=True)
    spec = {"argv": ["/elsewhere/python"], "display_name": "x", "language": "python"}
    (other / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(workspace / "other"))
    monkeypatch.setenv("JUPYTER_PATH", jupyter.set_up(workspace)["JUPYTER_PATH"])
    assert KernelSpecManager().get_kernel_spec("python3").argv[0] == sys.executable


def test_second_call_writes_nothing(workspace):
    files = [path for path in (workspace / jupyter.FOLDER).rglob("*.json")]
    before = [path.stat().st_mtime_ns for path in files]
    jupyter.set_up(workspace)
    assert len(files) == 2
    assert [path.stat().st_mtime_ns for path in files] == before


def test_news_are_silenced(workspace):
    config = json.loads((workspace / jupyter.FOLDER / "labconfig/page_config.json").read_text())
    assert config == {"disabledExtensions": {jupyter.ANNOUNCEMENTS: True}}
    shown = subprocess.run(
        [sys.executable, "-c", SETTINGS], capture_output=True, text=True, check=True
    ).stdout
    assert jupyter.ANNOUNCEMENTS in json.loads(shown)["disabledExtensions"]


def test_readers_settings_do_not_move_the_root(tmp_path):
    call = jupyter.command(tmp_path, "START.ipynb", ("--no-browser",))
    assert f"--ServerApp.root_dir={tmp_path}" in call
    assert call[-1] == "--no-browser"


def test_a_students_utils_does_not_hide_the_package(workspace):
    (workspace / "utils.py").write_text("def helper(): ...\n")
    said = run("from utils.errors import FrugalError; print(FrugalError.__module__)", workspace)
    assert "utils.errors" in said


def test_a_students_utils_is_explained(workspace):
    (workspace / "utils.py").write_text("def helper(): ...\n")
    for code in ("from utils import helper", "import utils; utils.helper"):
        assert "give it another name" in run(code, workspace)


def test_modules_of_the_student_are_found_and_other_errors_stay_as_they_are(workspace):
    (workspace / "mine.py").write_text("value = 42\n")
    assert "42" in run("import mine; print(mine.value)", workspace)
    assert "another name" not in run("import no_such_module", workspace)


@pytest.fixture
def server(workspace, tmp_path_factory, monkeypatch):
    """JupyterLab as ``frugal lab`` opens it, where the reader's own settings name another root."""
    home = tmp_path_factory.mktemp("home")
    (home / ".jupyter").mkdir()
    settings = f"c.ServerApp.root_dir = {str(home)!r}\nc.FileContentsManager.preferred_dir = {str(home)!r}\n"
    (home / ".jupyter/jupyter_server_config.py").write_text(settings)
    for variable in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.delenv(variable, raising=False)
    (workspace / "START.ipynb").write_text("{}")
    options = (
        "--no-browser",
        f"--port={free_port()}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
    )
    call = jupyter.command(workspace, "START.ipynb", options)
    environment = {**os.environ, "HOME": str(home)}
    process = subprocess.Popen(call, cwd=workspace, env=environment, stderr=subprocess.PIPE, text=True)
    yield process, f"http://127.0.0.1:{options[1].partition('=')[2]}"
    process.terminate()
    process.communicate(timeout=200)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_jupyterlab_starts_in_the_workspace_whatever_the_reader_has_set(server):
    process, address = server
    while process.poll() is None:
        try:
            listing = json.loads(urlopen(f"{address}/api/contents/", timeout=10).read())
            break
        except OSError:
            time.sleep(0.2)
    assert process.poll() is None, process.stderr.read()
    assert "START.ipynb" in [entry["name"] for entry in listing["content"]]


def test_a_notebook_computes_on_one_thread(workspace):
    assert jupyter.kernel_spec()["env"] == ONE_THREAD
    assert "1 1" in run(
        "import os, torch; print(os.environ['OMP_NUM_THREADS'], torch.get_num_threads())", workspace
    )
