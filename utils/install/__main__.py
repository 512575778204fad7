"""``python -m utils.install [EXTRA]``: prepares ``.venv``; ``make`` calls it, and on Windows the reader."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from utils.install.environment import READERS, Environment
from utils.install.machine import has_gpu, refusals
from utils.install.pip import PipError

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    """Refuse in a sentence, or install."""
    parser = argparse.ArgumentParser(prog="python -m utils.install", description=__doc__)
    parser.add_argument(
        "extra", nargs="?", default=READERS, help="site, test, bench, gpu or dev; nothing: a reader's set"
    )
    parser.add_argument(
        "--torch", choices=("", "cpu", "cuda"), default="", help="default: cpu where Linux shows no GPU"
    )
    options = parser.parse_args()
    cpu = options.torch == "cpu" or (not options.torch and sys.platform == "linux" and not has_gpu())
    problems = refusals(ROOT, cuda=sys.platform == "linux" and not cpu)
    if problems:
        sys.exit("\n".join(problems))
    print(
        "Preparing .venv: a few minutes, once. A call that is interrupted can be repeated.", file=sys.stderr
    )
    try:
        Environment(ROOT).install(options.extra, cpu)
    except PipError as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError as error:
        sys.exit(f"'{' '.join(map(str, error.cmd))}' failed: remove .venv and call again.")
    except OSError as error:
        sys.exit(f"{error.strerror}: '{error.filename}'. Make room, or the folder writable, and call again.")
    except KeyboardInterrupt:
        print("\nInterrupted: the same call goes on.", file=sys.stderr)
        sys.exit(130)
    if os.name == "nt":
        print(r"Ready: .venv\Scripts\frugal lab")


if __name__ == "__main__":
    main()
