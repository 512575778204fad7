"""What no process of the book should pay for."""

import subprocess
import sys

import pytest

from utils.imports import GRAMMAR
from utils.paths import ROOT

# What a process does first, and packages that cost it seconds and are of no use to it.
STARTS = {
    "import nbformat": [f"{GRAMMAR}.syntax_helpers"],
    "import utils.site.build, utils.site.extension": ["torch"],
    "from utils.execution.session import run": ["torch", "scipy", "papermill"],
}


@pytest.mark.parametrize("code", STARTS)
def test_a_process_imports_nothing_dear_that_it_does_not_use(code):
    show = f"import utils, sys; {code}; print([name for name in {STARTS[code]} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", show], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_notebooks_are_checked_without_the_grammar():
    import nbformat

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x")])
    nbformat.validate(notebook)
    notebook.cells[0].cell_type = "neither prose nor code"
    with pytest.raises(nbformat.ValidationError):
        nbformat.validate(notebook)


def test_this_process_took_no_grammar():
    assert sys.modules[GRAMMAR] is None
