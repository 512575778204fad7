"""Every written notebook runs top to bottom, and its worked examples repeat their stored outputs."""

import json
import os
import subprocess
import sys

import nbformat
import pytest
from nbval.plugin import IPyNbFile, coalesce_streams

from utils import chapters
from utils.execution.records import executed_path
from utils.paths import BUILD, NOTEBOOKS, ROOT

SLUGS = [chapter.slug for chapter in chapters.written()]
PARAMETERS = 'profile = "quick"\ndevice = "auto"\nseed = 0'
CHECKED = "nbval-check-output"


def read(path):
    return nbformat.read(path, as_version=4)


def stored(slug):
    return read(NOTEBOOKS / f"{slug}.ipynb")


def tagged(notebook, tag):
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def code(notebook):
    """The code cells, but for the one that papermill adds."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [cell for cell in cells if "injected-parameters" not in cell.metadata.get("tags", [])]


@pytest.fixture
def differences(request):
    """Function that compares a run's checked outputs with the stored ones as ``nbval --nbval-lax`` does."""

    def compare(path, ran) -> list[str]:
        file = IPyNbFile.from_parent(request.session, path=path)
        file.compare_outputs = False  # but in the cells tagged for it
        file.setup_sanitize_files()
        found = []
        for item, cell in zip(file.collect(), code(ran), strict=True):
            outputs = [coalesce_streams(list(outputs)) for outputs in (cell.outputs, item.cell.outputs)]
            if item.options["check"] and not item.compare_outputs(*outputs):
                found.append(f"{cell.id}: {''.join(item.comparison_traceback)}")
        return found

    return compare


@pytest.mark.parametrize("slug", SLUGS)
def test_runs_at_smoke_and_repeats_its_stored_outputs(slug, smoke, differences):
    smoke(slug)
    ran = read(executed_path(slug, "smoke"))
    assert [cell.id for cell in code(ran) if not cell.execution_count] == []
    assert differences(NOTEBOOKS / f"{slug}.ipynb", ran) == []
    results = json.loads((BUILD / "results" / f"{slug}.smoke.json").read_text(encoding="utf-8"))
    assert (results["chapter"], results["profile"]) == (slug, "smoke")


@pytest.mark.parametrize("slug", SLUGS)
def test_parameters_are_the_agreed_ones(slug):
    assert [cell.source for cell in tagged(stored(slug), "parameters")] == [PARAMETERS]


@pytest.mark.parametrize("slug", SLUGS)
def test_only_worked_examples_keep_outputs(slug):
    checked = tagged(stored(slug), CHECKED)
    assert checked, "a chapter needs a worked example whose output is checked"
    for cell in code(stored(slug)):
        assert bool(cell.outputs) == (CHECKED in cell.metadata.get("tags", [])), (
            f"outputs belong to checked cells: {cell.id}"
        )
        # nbval takes a cell without a count for one that never ran.
        assert cell.execution_count == (1 if cell.outputs else None), cell.id


def example(output):
    stream = nbformat.v4.new_output("stream", name="stdout", text=output)
    options = {"metadata": {"tags": [CHECKED]}, "execution_count": 1, "outputs": [stream]}
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(1 + 1)", **options)])


def test_a_wrong_stored_output_is_noticed(differences, tmp_path):
    path = tmp_path / "example.ipynb"
    nbformat.write(example("3\n"), path)
    (difference,) = differences(path, example("2\n"))
    assert "3" in difference
    assert differences(path, example("3\n")) == []


@pytest.mark.parametrize("output, status", [("2\n", 0), ("3\n", 1)])
def test_nbval_by_hand_says_the_same(tmp_path, output, status):
    nbformat.write(example(output), tmp_path / "example.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-current-env", "-q"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [
            *command,
            "-c",
            str(ROOT / "pyproject.toml"),
            "-p",
            "no:cacheprovider",
            str(tmp_path / "example.ipynb"),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == status, done.stdout + done.stderr
