"""The book's kernel: IPython's own, with the package ``utils`` imported before the notebook's folder counts.

A ``utils.py`` of the student's beside a notebook would otherwise hide the package, and every lab would end in
its first cell with an error that names neither file.
"""

import sys
from pathlib import Path

import utils

OURS = Path(utils.__file__).parent


def explain(shell, kind, error, traceback, tb_offset=None):
    """For a name that is not found: Python's own words, then a sentence if the name ``utils`` is taken."""
    shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)
    own = hidden()
    if own and "utils" in str(error):
        print(f"`utils` is the book's package, so your own file {own} is not imported: give it another name.")


def hidden() -> str:
    """The student's file or folder named ``utils`` on the path, if any; empty if none."""
    for entry in sys.path:
        for name in ("utils.py", "utils"):
            path = Path(entry or ".") / name
            if path.exists() and path.resolve() != OURS:
                return str(path)
    return ""


def main() -> None:
    """Run the kernel."""
    from ipykernel.kernelapp import IPKernelApp

    sys.path.insert(0, "")  # a notebook may import what lies beside it
    app = IPKernelApp.instance()
    app.initialize()
    app.shell.set_custom_exc((ImportError, AttributeError), explain)
    app.start()


if __name__ == "__main__":
    main()
