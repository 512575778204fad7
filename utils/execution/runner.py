"""The process that runs one notebook: ``python -P runner.py`` in a folder made by ``notebook.execute``.

It reads ``job.json`` and ``source.ipynb``; it writes ``progress.json``, ``executed.ipynb``, ``error.json``.
Its standard input is a pipe that nobody writes to: the pipe closes when the parent ends, even by SIGKILL, and
then this process ends the kernel, removes the folder and goes. So nothing is left running.
"""

import json
import os
import shutil
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from utils.execution.processes import Family, adopt_orphans
from utils.files import write_atomic

if TYPE_CHECKING:
    from traitlets.config import Config

SOCKET_PATH = 100  # characters that every system allows in a socket's name, four less for a number


def main() -> None:
    """Run the notebook in the current folder; an error goes into ``error.json``."""
    folder = Path.cwd()
    adopt_orphans()
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    try:
        error = _run(job["parameters"], folder)
    finally:
        _end_members(folder)  # here: what this process has adopted leaves the family when it goes
    if error:
        write_atomic(folder / "error.json", json.dumps(error))


def _run(parameters: dict, folder: Path) -> dict[str, str] | None:
    import papermill
    from nbclient.exceptions import DeadKernelError

    from utils.execution.output import limit_output

    injected = 0

    def on_cell_start(cell: dict, cell_index: int) -> None:
        """Count as the stored notebook does, without the cell that papermill adds."""
        nonlocal injected
        injected += "injected-parameters" in cell["metadata"].get("tags", [])
        progress = {"cell": cell_index + 1 - injected, "cell_text": cell["source"]}
        write_atomic(folder / "progress.json", json.dumps(progress))

    limit_output()
    try:
        papermill.execute_notebook(
            folder / "source.ipynb",
            folder / "executed.ipynb",
            parameters=parameters,
            kernel_name="python3",
            progress_bar=False,
            cwd=folder / "desk",
            on_cell_start=on_cell_start,
            config=_connection(folder),
        )
    except papermill.PapermillExecutionError as failed:
        return {"error": f"{failed.ename}: {failed.evalue}", "traceback": "\n".join(failed.traceback)}
    except DeadKernelError:
        return {"error": "the kernel died (killed, crashed, or out of memory)", "traceback": ""}
    except Exception as error:
        return {"error": f"could not be run ({type(error).__name__}: {error})", "traceback": ""}
    return None


def _connection(folder: Path) -> "Config":
    """Talk to the kernel through sockets in the folder: two runs that start together may take one port."""
    from traitlets.config import Config

    place = str(folder / "kernel.json")
    transport = "ipc" if len(place) < SOCKET_PATH else "tcp"
    return Config({"KernelManager": {"transport": transport, "connection_file": place}})


def _end_with_parent(folder: Path) -> None:
    os.read(sys.stdin.fileno(), 1)  # not by Python's buffer, whose lock would hinder this process's own end
    _end_members(folder)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _end_members(folder: Path) -> None:
    Family(os.getpid(), str(folder)).kill()


if __name__ == "__main__":
    main()
