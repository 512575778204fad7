"""`git pull && make lab` with last year's workspace, progress and caches keeps everything."""

import io
import json
import os
import subprocess
import sys
import tarfile

import pytest

from utils import chapters
from utils.data import cache
from utils.labs import progress
from utils.paths import ROOT
from utils.workspace.collect import book_files
from utils.workspace.sync import hand_out

PREVIOUS = "2d63ce1"
EDITED = "notebooks/01_gradient_noise.ipynb"
RAN = "notebooks/11_bitnet_reloaded.ipynb"
UNTOUCHED = "notebooks/12_denseshift.ipynb"
OUTPUT = {"output_type": "stream", "name": "stdout", "text": "an hour of work"}
# All that the previous release uses here of a package that this one no longer installs.
POOCH = "from platformdirs import user_cache_path as os_cache"
# What the previous release did at a reader's: hand out, and note a check.
LAST_YEAR = """
import sys
from pathlib import Path
from utils.chapters import written
from utils.data.cache import own
from utils.labs.progress import keep
from utils.workspace.collect import book_files
from utils.workspace.sync import hand_out

workspace = Path(sys.argv[1])
hand_out(book_files(written()), workspace)
keep("11_bitnet_reloaded", "ternarize", 4, 4, {"ternarize": 10}, workspace / "progress.json")
print(own())
"""


@pytest.fixture(scope="module")
def last_year(tmp_path_factory):
    """A workspace that the previous release made, with work in it; and where that release kept data."""
    archive = subprocess.run(["git", "archive", PREVIOUS], cwd=ROOT, capture_output=True)
    if archive.returncode:
        pytest.skip(f"the previous release ({PREVIOUS}) is not in this copy's history: git fetch --unshallow")
    tree, workspace = tmp_path_factory.mktemp("release"), tmp_path_factory.mktemp("workspace")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as packed:
        packed.extractall(tree, filter="data")
    (tree / "pooch.py").write_text(POOCH)
    call = [sys.executable, "-c", LAST_YEAR, str(workspace)]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    done = subprocess.run(call, cwd=tree, env=environment, capture_output=True, text=True, check=True)
    for name, cell in ((EDITED, {"source": "my own words"}), (RAN, {"outputs": [OUTPUT]})):
        content = json.loads((workspace / name).read_text())
        code = next(old for old in content["cells"] if old["cell_type"] == "code" and not old["outputs"])
        code |= cell
        (workspace / name).write_text(json.dumps(content))
    return workspace, done.stdout.strip()


@pytest.fixture(scope="module")
def upgraded(last_year):
    """The workspace after this release came: what it was before, and what was said."""
    workspace, _ = last_year
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    # A version of each file that the reader has not seen, whatever this release has changed.
    files = {name: data + b"\n" for name, data in book_files(chapters.written()).items()}
    return workspace, before, hand_out(files, workspace), files


@pytest.mark.parametrize("name", [EDITED, RAN])
def test_work_stays_and_the_new_version_lies_beside_it(upgraded, name):
    workspace, before, messages, files = upgraded
    assert (workspace / name).read_bytes() == before[workspace / name]
    assert (workspace / name.replace(".ipynb", ".new.ipynb")).read_bytes() == files[name]
    assert any(message.startswith(f"{name} has your work") for message in messages)


def test_what_was_not_touched_is_updated(upgraded):
    workspace, _, messages, files = upgraded
    assert (workspace / UNTOUCHED).read_bytes() == files[UNTOUCHED]
    assert f"{UNTOUCHED} is updated." in messages


def test_second_call_says_nothing(upgraded):
    workspace, _, _, files = upgraded
    assert hand_out(files, workspace) == []


def test_progress_stays(upgraded):
    workspace, *_ = upgraded
    file = workspace / "progress.json"
    assert progress.is_full("11_bitnet_reloaded", "ternarize", file)
    assert progress.keep("11_bitnet_reloaded", "ternarize", 0, 4, {"ternarize": 10}, file) == ""
    assert progress.is_full("11_bitnet_reloaded", "ternarize", file)


def test_downloaded_data_is_found_where_it_was(last_year):
    assert str(cache.own()) == last_year[1]
