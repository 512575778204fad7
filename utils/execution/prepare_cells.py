"""The process that prepares a chapter: it runs code cells from standard input in one namespace."""

import json
import sys
import time

from IPython.core.interactiveshell import InteractiveShell


def main() -> int:
    """Run the cells; the first error ends the process with status 1."""
    cells = json.load(sys.stdin)
    shell = InteractiveShell.instance()
    for number, code in enumerate(cells, 1):
        start = time.monotonic()
        result = shell.run_cell(code)
        if not result.success:
            print(f"\ncell {number} of {len(cells)} failed:\n{code}", file=sys.stderr)
            return 1
        print(f"cell {number} of {len(cells)}: {time.monotonic() - start:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
