"""In a live JupyterLab: a control moves and Python sees it, Python sets a trait and the picture moves.

Beside it, in the same run, the usual way: ``ipywidgets.interact`` redrawing a figure through the kernel; both
times are printed.
"""

import contextlib
import os
import secrets
import socket
import statistics
import subprocess
import sys
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

LIVE = """from ipywidgets import Button, Label
from utils.widgets.ternary_threshold import TernaryThreshold
widget, seen, button = TernaryThreshold(), Label("nothing yet"), Button(description="four bits")
widget.observe(lambda change: setattr(seen, "value", f"Python sees {change['new']}"), "outliers")
button.on_click(lambda _: setattr(widget, "bits", 4))
display(widget, seen, button)"""
USUAL = """import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact
from utils.widgets.ternary_threshold import compute
@interact(outliers=FloatSlider(0, min=0, max=0.01, step=0.0005, continuous_update=True))
def usual(outliers):
    result = compute("gaussian", "mean", 1.58, outliers, b"")
    plt.hist(result["values"], bins=81, range=(-4, 4))
    plt.show()"""
MOVES = 10
PATIENCE = 90_000  # ms for JupyterLab to show something on a busy machine

# Moves a control one step and resolves with the milliseconds until the watched element has changed.
TIME_A_MOVE = """async ([control, watched]) => {
    const look = () => document.querySelector(watched)?.outerHTML;
    const element = document.querySelector(control);
    const before = look(), start = performance.now();
    if (element.stepUp) {
        element.stepUp();
        element.dispatchEvent(new Event('input', { bubbles: true }));
    } else {
        element.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    }
    while (!look() || look() === before) await new Promise(requestAnimationFrame);
    return performance.now() - start;
}"""
OURS = ["[data-control=outliers]", ".frugal svg"]
USUAL_WAY = [".noUi-handle", ".jp-RenderedImage img"]


@pytest.fixture
def lab(tmp_path):
    """Address of the notebook ``live.ipynb`` in a JupyterLab of its own, which keeps nothing afterwards."""
    cells = [new_code_cell(LIVE), new_code_cell(USUAL)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), tmp_path / "live.ipynb")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    options = [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={tmp_path}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        f"--LabApp.user_settings_dir={tmp_path}/settings",
        f"--LabApp.workspaces_dir={tmp_path}/workspaces",
    ]
    own = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("RUNTIME", "DATA", "CONFIG")}
    environment = {**os.environ, **own}
    with (tmp_path / "log").open("w") as log:
        command = [sys.executable, "-m", "jupyterlab", *options]
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)
        yield f"http://127.0.0.1:{port}/lab/tree/live.ipynb?token={token}"
        server.terminate()
        server.wait(timeout=120)


def open_and_run(page, address: str) -> None:
    """Open the notebook as soon as the server answers, run all its cells, wait for both pictures."""
    port = int(address.split(":")[2].split("/")[0])
    for _ in range(PATIENCE // 500):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5):
            break
        time.sleep(0.5)
    page.set_viewport_size({"width": 1280, "height": 1800})  # JupyterLab unloads cells that are off screen
    page.goto(address)
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=PATIENCE)
    page.wait_for_selector(
        "text=| Idle", timeout=PATIENCE
    )  # earlier, JupyterLab would ask which kernel to use
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_selector(".frugal svg text", timeout=PATIENCE)
    page.wait_for_selector(USUAL_WAY[1], timeout=PATIENCE, state="attached")


def test_the_widget_and_python_move_each_other(lab, page, capsys):
    open_and_run(page, lab)
    page.focus("[data-control=outliers]")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("text=Python sees 0.0005", timeout=PATIENCE)

    picture = page.inner_html(".frugal svg")
    page.get_by_role("button", name="four bits").click()
    page.wait_for_selector("[data-control=bits][aria-valuetext='4']", timeout=PATIENCE)
    assert page.inner_html(".frugal svg") != picture

    ours, usual = ([page.evaluate(TIME_A_MOVE, way) for _ in range(MOVES)] for way in (OURS, USUAL_WAY))
    with capsys.disabled():
        print(f"\na move until the picture has changed, median of {MOVES}: {statistics.median(ours):.1f} ms;")
        print(f"with ipywidgets.interact through the kernel: {statistics.median(usual):.1f} ms")
