"""Every written notebook runs top to bottom, and its worked examples repeat their stored outputs."""

import os
import subprocess
import sys

import nbformat
import pytest

from utils import chapters
from utils.paths import NOTEBOOKS, ROOT

SLUGS = [chapter.slug for chapter in chapters.written()]
PARAMETERS = 'profile = "quick"\ndevice = "auto"\nseed = 0'
CHECKED = "nbval-check-output"


def read(slug):
    return nbformat.read(NOTEBOOKS / f"{slug}.ipynb", as_version=4)


def tagged(notebook, tag):
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


@pytest.fixture
def smoke_copy(tmp_path):
    """Write a notebook's copy whose parameters choose the smoke profile on the CPU."""

    def write(notebook):
        (cell,) = tagged(notebook, "parameters")
        cell.source = cell.source.replace('"quick"', '"smoke"').replace('"auto"', '"cpu"')
        path = tmp_path / "notebook.ipynb"
        nbformat.write(notebook, path)
        return path

    return write


def nbval(path):
    """Run nbval on a notebook, lax: outputs are compared in the cells tagged for it, and nowhere else."""
    options = [
        "--nbval-lax",
        "--nbval-current-env",
        "--nbval-cell-timeout=60",
        "-p",
        "no:cacheprovider",
        "-q",
    ]
    environment = {**os.environ, "FRUGAL_RESULTS": str(path.parent / "results")}
    command = [sys.executable, "-m", "pytest", "--rootdir", str(path.parent), *options, str(path)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("slug", SLUGS)
def test_runs_at_smoke_and_repeats_its_stored_outputs(slug, smoke_copy):
    path = smoke_copy(read(slug))
    done = nbval(path)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert (path.parent / "results" / f"{slug}.smoke.json").is_file()


@pytest.mark.parametrize("slug", SLUGS)
def test_parameters_are_the_agreed_ones(slug):
    assert [cell.source for cell in tagged(read(slug), "parameters")] == [PARAMETERS]


@pytest.mark.parametrize("slug", SLUGS)
def test_only_worked_examples_keep_outputs(slug):
    code = [cell for cell in read(slug).cells if cell.cell_type == "code"]
    checked = [cell for cell in code if CHECKED in cell.metadata.get("tags", [])]
    assert checked, "a chapter needs a worked example whose output is checked"
    for cell in code:
        assert bool(cell.outputs) == (cell in checked), f"outputs belong to checked cells: {cell.id}"
        # nbval takes a cell without a count for one that never ran.
        assert cell.execution_count == (1 if cell in checked else None), cell.id


def test_a_wrong_stored_output_is_noticed(smoke_copy):
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
            nbformat.v4.new_code_cell(
                "print(1 + 1)",
                metadata={"tags": [CHECKED]},
                execution_count=1,
                outputs=[nbformat.v4.new_output("stream", name="stdout", text="3\n")],
            ),
        ]
    )
    assert nbval(smoke_copy(notebook)).returncode == 1
